import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { localTimeToUtc } from './local-time.js';

describe('localTimeToUtc', () => {
  it.each([
    ['2026-07-09 11:01:33', '2026-07-09T03:01:33.000Z'],
    ['20260709110133', '2026-07-09T03:01:33.000Z'],
    ['2026-01-01 00:00:00', '2025-12-31T16:00:00.000Z'],
    ['2024-02-29 23:59:59', '2024-02-29T15:59:59.000Z'],
    // China had summer time from 1986 to 1991.
    ['1988-07-01 12:00:00', '1988-07-01T03:00:00.000Z'],
  ])('reads %s in Beijing', (text, expected) => {
    expect(localTimeToUtc(text, 'Asia/Shanghai')).toBe(expected);
  });

  it.each([
    '',
    'yesterday',
    '2026-07-09',
    '2026-07-09T11:01:33',
    '2026/07/09 11:01:33',
    '2026-07-09 11:01:33.5',
    ' 2026-07-09 11:01:3',
    '2026-07-09 11:01:6a',
    '2026-02-29 00:00:00',
    '2100-02-29 00:00:00',
    '2026-04-31 00:00:00',
    '2026-13-01 00:00:00',
    '2026-00-10 00:00:00',
    '2026-01-00 00:00:00',
    '2026-07-09 24:00:00',
    '2026-07-09 23:60:00',
    '2026-07-09 23:59:60',
    '0000-00-00 00:00:00',
    '1969-12-31 23:59:59',
    '9999-12-31 23:59:59',
    '２０２６-07-09 11:01:33',
  ])('refuses %j', (text) => {
    expect(localTimeToUtc(text, 'Asia/Shanghai')).toBeNull();
  });

  it.each([
    ['skipped: moved forward', 'Europe/Berlin', '2026-03-29 02:30:00', '2026-03-29T01:30:00.000Z'],
    ['just before the gap', 'Europe/Berlin', '2026-03-29 01:59:59', '2026-03-29T00:59:59.000Z'],
    ['just after the gap', 'Europe/Berlin', '2026-03-29 03:00:00', '2026-03-29T01:00:00.000Z'],
    ['shown twice: the earlier', 'Europe/Berlin', '2026-10-25 02:30:00', '2026-10-25T00:30:00.000Z'],
    ['after it was shown twice', 'Europe/Berlin', '2026-10-25 03:00:00', '2026-10-25T02:00:00.000Z'],
    ['half an hour of summer time', 'Australia/Lord_Howe', '2026-04-05 01:45:00', '2026-04-04T14:45:00.000Z'],
    ['a day that was left out', 'Pacific/Apia', '2011-12-30 12:00:00', '2011-12-30T22:00:00.000Z'],
    ['an offset with seconds', 'Africa/Monrovia', '1971-06-01 00:00:00', '1971-06-01T00:44:30.000Z'],
  ])('%s', (_what, zone, text, expected) => {
    expect(localTimeToUtc(text, zone)).toBe(expected);
  });

  it('agrees with Intl: the instant that it gives is shown as that time, or the time is one that is skipped', () => {
    const zone = fc.constantFrom(
      'Asia/Shanghai',
      'UTC',
      'Europe/Berlin',
      'America/New_York',
      'America/St_Johns',
      'Australia/Lord_Howe',
      'Asia/Kathmandu',
      'Pacific/Apia',
      'Africa/Casablanca',
    );
    const instant = fc.integer({ min: Date.UTC(1975, 0), max: Date.UTC(2037, 0) }).map((ms) => ms - (ms % 1000));
    fc.assert(
      fc.property(zone, instant, (timeZone, at) => {
        const text = shown(at, timeZone);
        const read = Date.parse(localTimeToUtc(text, timeZone) ?? '');
        // Every instant is shown as some time; of two that are shown alike the earlier is meant.
        expect(shown(read, timeZone)).toBe(text);
        expect(read).toBeLessThanOrEqual(at);
      }),
      { numRuns: 2000 },
    );
  });

  it('is right in every minute round the changes of a year', () => {
    for (const timeZone of ['Europe/Berlin', 'Australia/Lord_Howe', 'America/St_Johns', 'Africa/Casablanca']) {
      for (const change of changesOf(2026, timeZone)) {
        for (let at = change - 3 * 3600_000; at < change + 3 * 3600_000; at += 60_000) {
          const text = shown(at, timeZone);
          const earlier = [at - 3600_000, at - 1800_000].find((other) => shown(other, timeZone) === text);
          expect(localTimeToUtc(text, timeZone)).toBe(new Date(earlier ?? at).toISOString());
        }
      }
    }
  });
});

const formats = new Map<string, Intl.DateTimeFormat>();

/** What a clock in the zone shows, `yyyy-MM-dd HH:mm:ss`. */
function shown(instant: number, timeZone: string): string {
  let format = formats.get(timeZone);
  if (format === undefined) {
    format = new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'medium' });
    formats.set(timeZone, format);
  }
  return format.format(instant);
}

/** Instants, to the half hour, at which the zone's clocks jump in a year. */
function changesOf(year: number, timeZone: string): number[] {
  const changes: number[] = [];
  for (let at = Date.UTC(year, 0); at < Date.UTC(year + 1, 0); at += 1800_000) {
    const step = Date.parse(`${shown(at + 1800_000, timeZone)}Z`) - Date.parse(`${shown(at, timeZone)}Z`);
    if (step !== 1800_000) changes.push(at);
  }
  return changes;
}
