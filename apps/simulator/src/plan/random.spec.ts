import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { seededRandom } from './random.js';

describe('seededRandom', () => {
  it('repeats itself for the same seed', () => {
    fc.assert(
      fc.property(fc.integer(), (seed) => {
        const [one, other] = [seededRandom(seed), seededRandom(seed)];
        for (let i = 0; i < 20; i += 1) expect(one.fraction()).toBe(other.fraction());
      }),
    );
  });

  it('stays within its bounds', () => {
    fc.assert(
      fc.property(fc.integer(), fc.integer({ min: -50, max: 50 }), fc.nat(100), (seed, lowest, span) => {
        const value = seededRandom(seed).between(lowest, lowest + span);
        expect(value).toBeGreaterThanOrEqual(lowest);
        expect(value).toBeLessThanOrEqual(lowest + span);
      }),
    );
  });

  it('spreads evenly over ten bins', () => {
    const random = seededRandom(42);
    const bins = new Array<number>(10).fill(0);
    for (let i = 0; i < 10_000; i += 1) {
      const bin = random.between(0, 9);
      bins[bin] = (bins[bin] ?? 0) + 1;
    }
    for (const count of bins) expect(Math.abs(count - 1_000)).toBeLessThan(150);
  });

  it('cannot pick from nothing', () => {
    expect(() => seededRandom(1).pick([])).toThrow(RangeError);
  });
});
