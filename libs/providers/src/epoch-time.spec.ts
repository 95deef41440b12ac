import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { parseJson } from '#contracts';
import { epochMillisecondsToUtc, epochSecondsToUtc } from './epoch-time.js';

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

describe('epochSecondsToUtc', () => {
  it.each(['1457336869', '"1457336869"', '1.457336869E9'])('reads %s', (json) => {
    expect(epochSecondsToUtc(parseJson(json))).toBe('2016-03-07T07:47:49.000Z');
  });

  it.each([
    ['milliseconds', '1457336869000'],
    ['zero', '0'],
    ['a fraction', '1457336869.5'],
    ['the year 9999', '253370764800'],
    ['a date', '"2016-03-07 15:47:49"'],
    ['null', 'null'],
    ['true', 'true'],
  ])('refuses %s', (_what, json) => {
    expect(epochSecondsToUtc(parseJson(json))).toBeNull();
  });

  it('gives the same instant back', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1e8, max: 253_370_764_799 }), (seconds) => {
        expect(Date.parse(epochSecondsToUtc(seconds) ?? '')).toBe(seconds * 1000);
      }),
    );
  });
});
