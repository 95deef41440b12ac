import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { durationMilliseconds, durationText } from './duration.js';

const HOUR = 3_600_000;

describe('durations', () => {
  it.each([
    ['PT72H', 72 * HOUR],
    ['P3D', 72 * HOUR],
    ['P1W', 168 * HOUR],
    ['P1DT12H30M', 36.5 * HOUR],
    ['PT90S', 90_000],
    ['PT1.5S', 1_500],
    ['PT0.05S', 50],
    ['PT0S', 0],
  ])('reads %s', (text, milliseconds) => {
    expect(durationMilliseconds(text)).toBe(milliseconds);
  });

  it.each(['', 'P', 'PT', 'P1DT', 'P1M', 'P1Y', '72h', 'pt1h', 'PT-1H', '-PT1H', 'PT1H ', 'PT1M1H', 'PT1234567H'])(
    'takes %j for none',
    (text) => {
      expect(durationMilliseconds(text)).toBeNull();
    },
  );

  it('writes every length in one form, and reads it back', () => {
    expect([72 * HOUR, 90_000, 1_500, 50, 0].map(durationText)).toEqual([
      'PT72H',
      'PT1M30S',
      'PT1.5S',
      'PT0.05S',
      'PT0S',
    ]);
    fc.assert(
      fc.property(fc.nat(90 * 24 * HOUR), (milliseconds) => {
        expect(durationMilliseconds(durationText(milliseconds))).toBe(milliseconds);
      }),
    );
  });
});
