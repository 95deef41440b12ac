import { describe, expect, it } from '@jest/globals';
import { Health } from './health.js';

describe('Health', () => {
  it('is ready once started, while every check is well', () => {
    const health = new Health();
    let kafka = true;
    health.register('kafka', () => ({ healthy: kafka }));
    expect(health.ready().healthy).toBe(false);
    health.started();
    expect(health.ready().healthy).toBe(true);
    kafka = false;
    expect(health.ready()).toMatchObject({ healthy: false, checks: { kafka: { healthy: false } } });
    expect(health.live().healthy).toBe(true);
  });

  it('is not ready any more when it drains, even if start-up ends later', () => {
    const health = new Health();
    health.draining();
    health.started();
    expect(health.ready()).toMatchObject({ healthy: false, checks: { process: { detail: 'draining' } } });
    expect(health.live().healthy).toBe(true);
  });

  it('is dead after something fatal, for the first reason', () => {
    const health = new Health();
    health.started();
    health.fatal('the consumer has stopped');
    health.fatal('something later');
    expect(health.live()).toEqual({
      healthy: false,
      checks: { process: { healthy: false, detail: 'the consumer has stopped' } },
    });
    expect(health.ready().healthy).toBe(false);
  });

  it('takes a check that throws for a bad one', () => {
    const health = new Health();
    health.started();
    health.register('odd', () => {
      throw new Error('odd');
    });
    expect(health.ready()).toMatchObject({ healthy: false, checks: { odd: { healthy: false } } });
  });
});
