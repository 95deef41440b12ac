import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { rfc2822ToUtc } from './rfc2822-time.js';

describe('rfc2822ToUtc', () => {
  it.each([
    ['Thu, 25 Nov 2021 10:27:00 +0800', '2021-11-25T02:27:00.000Z'],
    ['Mon, 24 Dec 2018 16:58:22 +0800', '2018-12-24T08:58:22.000Z'],
    ['09 Jul 2026 11:01:33 +0800', '2026-07-09T03:01:33.000Z'],
    ['Thu, 9 Jul 2026 11:01:33 +0800', '2026-07-09T03:01:33.000Z'],
    ['thu,  9 JUL 2026  11:01:33 +0800', '2026-07-09T03:01:33.000Z'],
    ['Thu, 09 Jul 2026 11:01 +0800', '2026-07-09T03:01:00.000Z'],
    ['Thu, 09 Jul 2026 03:01:33 GMT', '2026-07-09T03:01:33.000Z'],
    ['Thu, 09 Jul 2026 03:01:33 -0000', '2026-07-09T03:01:33.000Z'],
    ['Wed, 08 Jul 2026 21:31:33 -0530', '2026-07-09T03:01:33.000Z'],
    ['Thu, 29 Feb 2024 00:00:00 +1400', '2024-02-28T10:00:00.000Z'],
    ['Thu, 01 Jan 2026 00:00:00 +0545', '2025-12-31T18:15:00.000Z'],
    ['Fri, 09 Jul 2026 11:01:33 +0800', '2026-07-09T03:01:33.000Z'],
  ])('reads %s', (text, expected) => {
    expect(rfc2822ToUtc(text)).toBe(expected);
  });

  it.each([
    '',
    'yesterday',
    '2026-07-09 11:01:33',
    '2026-07-09T11:01:33+08:00',
    '7/9/2026 11:01:33',
    'Thu, 09 Jul 2026 11:01:33',
    'Thu, 09 Jul 2026 11:01:33 +08:00',
    'Thu, 09 Jul 2026 11:01:33 +8',
    'Thu, 09 Jul 2026 11:01:33 +0860',
    'Thu, 09 Jul 2026 11:01:33 +2500',
    'Thu, 09 Jul 2026 11:01:33 CST',
    'Thu, 09 Jul 2026 11:01:33 EST',
    'Thu, 09 Jul 2026 11:01:33 +0800 and more',
    'Thu 09 Jul 2026 11:01:33 +0800',
    'Day, 09 Jul 2026 11:01:33 +0800',
    'Thu, 09 Jux 2026 11:01:33 +0800',
    'Thu, 09 Jul 26 11:01:33 +0800',
    'Thu, 31 Jun 2026 11:01:33 +0800',
    'Thu, 00 Jul 2026 11:01:33 +0800',
    'Sun, 29 Feb 2026 11:01:33 +0800',
    'Thu, 09 Jul 2026 24:00:00 +0800',
    'Thu, 09 Jul 2026 11:60:33 +0800',
    'Thu, 09 Jul 2026 11:01:60 +0800',
    'Thu, 01 Jan 1970 00:00:00 +0800',
    'Thu, 09 Jul 9999 11:01:33 +0800',
    `Thu, 09 Jul 2026 11:01:33${' '.repeat(100_000)}+0800`,
  ])('refuses %j', (text) => {
    expect(rfc2822ToUtc(text)).toBeNull();
  });

  it('reads every instant in every offset', () => {
    const instant = fc.integer({ min: 86_400, max: 4_102_444_800 });
    const offset = fc.integer({ min: -14 * 60, max: 14 * 60 });
    fc.assert(
      fc.property(instant, offset, (seconds, minutes) => {
        const shown = new Date((seconds + minutes * 60) * 1000).toUTCString();
        const size = Math.abs(minutes);
        const digits = String(Math.floor(size / 60) * 100 + (size % 60)).padStart(4, '0');
        const text = shown.replace('GMT', `${minutes < 0 ? '-' : '+'}${digits}`);
        expect(rfc2822ToUtc(text)).toBe(new Date(seconds * 1000).toISOString());
      }),
    );
  });

  it('never throws', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(() => rfc2822ToUtc(text)).not.toThrow();
      }),
    );
  });
});
