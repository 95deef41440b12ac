import { describe, expect, it } from '@jest/globals';
import { topicNames, TOPICS } from './topics.js';

describe('topics', () => {
  it('get their prefix', () => {
    expect(topicNames('acme.')['events.v1']).toBe('acme.events.v1');
    expect(Object.keys(topicNames(''))).toEqual(TOPICS.map(({ name }) => name));
  });

  it('are versioned, and named once', () => {
    const names = TOPICS.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    for (const name of names) expect(name).toMatch(/^[a-z-]+\.v1$/);
  });

  it('keep dead letters longer than what they came from', () => {
    const days = (topic: string): number => Number(TOPICS.find(({ name }) => name === topic)?.retention);
    expect(days('dead-letters.v1')).toBeGreaterThan(days('raw-receipts.v1'));
    expect(days('events.v1')).toBeGreaterThanOrEqual(days('raw-receipts.v1'));
  });
});
