import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { plausible } from './plausible-time.js';

const receivedAt = '2026-07-09T03:01:34.250Z';

describe('plausible', () => {
  it.each([
    ['before the receipt', '2026-07-09T03:01:33.000Z', true],
    ['at the same moment', receivedAt, true],
    ['ahead by a wrong zone', '2026-07-09T11:01:33.000Z', true],
    ['24 hours ahead', '2026-07-10T03:01:34.250Z', true],
    ['a millisecond more than that', '2026-07-10T03:01:34.251Z', false],
    ['in another century', '2062-07-09T03:01:33.000Z', false],
    ['in the last year that can be written', '9998-12-31T23:59:59.999Z', false],
    ['at the beginning of 2000', '2000-01-01T00:00:00.000Z', true],
    ['a millisecond before that', '1999-12-31T23:59:59.999Z', false],
    ['in 1970', '1970-01-01T00:00:00.000Z', false],
  ])('%s', (_what, time, isPlausible) => {
    expect(plausible(time, { receivedAt })).toBe(isPlausible ? time : null);
  });

  it('has nothing to say about no time', () => {
    expect(plausible(null, { receivedAt })).toBeNull();
  });

  it('compares texts as times', () => {
    const time = fc
      .date({ min: new Date('1970-01-01'), max: new Date('9998-12-31'), noInvalidDate: true })
      .map((date) => date.toISOString());
    fc.assert(
      fc.property(time, time, (given, received) => {
        const ahead = Date.parse(given) - Date.parse(received);
        const isPlausible = Date.parse(given) >= Date.UTC(2000, 0) && ahead <= 86_400_000;
        expect(plausible(given, { receivedAt: received })).toBe(isPlausible ? given : null);
      }),
    );
  });
});
