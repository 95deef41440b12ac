import { describe, expect, it } from '@jest/globals';
import { WorkInHand } from './work-in-hand.js';

describe('WorkInHand', () => {
  it('finds the attempt that has not ended for longest, and only beyond the limit', () => {
    let now = 0;
    const work = new WorkInHand(() => now);
    work.begin('events/0');
    now = 4_000;
    work.begin('events/1');
    now = 10_000;
    expect(work.stuck(10_000)).toBeNull();
    now = 11_000;
    expect(work.stuck(10_000)).toEqual({ partition: 'events/0', seconds: 11 });
  });

  it('forgives what has come to an end or goes on', () => {
    let now = 0;
    const work = new WorkInHand(() => now);
    work.begin('events/0');
    work.begin('events/1');
    now = 20_000;
    work.begin('events/0');
    work.end('events/1');
    expect(work.stuck(10_000)).toBeNull();
    now = 31_000;
    expect(work.stuck(10_000)).toEqual({ partition: 'events/0', seconds: 11 });
  });
});
