import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { parseJson } from '#contracts';
import { epochMillisecondsToUtc } from './epoch-time.js';

describe('epochMillisecondsToUtc', () => {
  it.each(['1783566093512', '"1783566093512"', '" 1783566093512 "', '1.783566093512E12', '1783566093512.0'])(
    'reads %s',
    (json) => {
      expect(epochMillisecondsToUtc(parseJson(json))).toBe('2026-07-09T03:01:33.512Z');
    },
  );

  it.each([
    ['seconds', '1783566093'],
    ['seconds as text', '"1783566093"'],
    ['microseconds', '1783566093512000'],
    ['zero', '0'],
    ['zero in many digits', '"0000000000000"'],
    ['a negative number', '-1783566093512'],
    ['a fraction', '1783566093512.5'],
    ['a number beyond every year', '1e30'],
    ['the year 9999', '253370764800000'],
    ['a date', '"2026-07-09 11:01:33"'],
    ['nothing', '""'],
    ['null', 'null'],
    ['true', 'true'],
    ['an object', '{}'],
  ])('refuses %s', (_what, json) => {
    expect(epochMillisecondsToUtc(parseJson(json))).toBeNull();
  });

  it('gives the same instant back', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1e11, max: 253_370_764_799_999 }), (instant) => {
        expect(Date.parse(epochMillisecondsToUtc(instant) ?? '')).toBe(instant);
        expect(epochMillisecondsToUtc(String(instant))).toBe(epochMillisecondsToUtc(instant));
      }),
    );
  });
});
