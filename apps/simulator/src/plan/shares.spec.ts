import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { shareOut } from './shares.js';

describe('shareOut', () => {
  it('gives away the whole, to each its share rounded down or up', () => {
    const weights = fc.record({ a: fc.integer({ min: 1, max: 100 }), b: fc.nat(100), c: fc.nat(100) });
    fc.assert(
      fc.property(fc.nat(100_000), weights, (whole, given) => {
        const total = given.a + given.b + given.c;
        const parts = shareOut(whole, given);
        expect(parts.a + parts.b + parts.c).toBe(whole);
        for (const name of ['a', 'b', 'c'] as const) {
          expect(Math.abs(parts[name] - (whole * given[name]) / total)).toBeLessThan(1);
        }
      }),
    );
  });
});
