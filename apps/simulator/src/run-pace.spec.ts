import { describe, expect, it } from '@jest/globals';
import { allowedAfter } from './run-pace.js';

describe('allowedAfter', () => {
  it('grows evenly with time', () => {
    expect([0, 10, 1_000, 2_500].map((ms) => allowedAfter(ms, { rate: 200, burst: null }))).toEqual([0, 2, 200, 500]);
  });

  it('grows by a burst at a time, the first one at once', () => {
    const pace = { rate: 1, burst: { every: 1_000, size: 300 } };
    expect([0, 999, 1_000, 2_500].map((ms) => allowedAfter(ms, pace))).toEqual([300, 300, 600, 900]);
  });
});
