import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { parseDuration } from './duration.js';

describe('parseDuration', () => {
  it.each([
    ['500ms', 500],
    ['10s', 10_000],
    ['1.5s', 1500],
    ['15m', 900_000],
    ['2h', 7_200_000],
    ['180d', 15_552_000_000],
    [' 10s ', 10_000],
    ['0ms', 0],
  ])('reads %j as %d ms', (text, milliseconds) => {
    expect(parseDuration(text)).toBe(milliseconds);
  });

  it.each(['', '10', '10 s', '-1s', 's', '1e3s', '10sec', '10S', '1s500ms', '.5s', '99999999999999999d'])(
    'refuses %j',
    (text) => {
      expect(parseDuration(text)).toBeNull();
    },
  );

  it('takes whole milliseconds of any size as they are', () => {
    fc.assert(
      fc.property(fc.nat(), (milliseconds) => {
        expect(parseDuration(`${milliseconds}ms`)).toBe(milliseconds);
      }),
    );
  });
});
