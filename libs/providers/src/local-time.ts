import { calendarTime, writeInstant } from './instant.js';

const SECOND = 1000;
const DAY = 24 * 60 * 60 * SECOND;

/** Days remembered per zone: more than ten years of them. Beyond that somebody sends nonsense, and we start over. */
const MAX_DAYS = 4096;

/** The offset of a zone around one day of its wall clock: `before` until the instant `changesAt`, then `after`; ms. */
interface DayOffsets {
  readonly before: number;
  readonly after: number;
  /** Unix ms; Infinity where nothing changes. */
  readonly changesAt: number;
}

/**
 * Reads `yyyy-MM-dd HH:mm:ss` or `yyyyMMddHHmmss` as wall-clock time in a zone.
 *
 * A time that the clocks show twice means the earlier of both; a time that they skip is moved forward by as much as
 * they skipped (ECMAScript's Temporal calls this `compatible`).
 * @param timeZone an IANA name that the configuration has checked
 * @returns RFC 3339, UTC, milliseconds; null for any other form or an impossible date or time
 * @throws RangeError if the zone does not exist
 */
export function localTimeToUtc(text: string, timeZone: string): string | null {
  const wall = wallClock(text);
  if (Number.isNaN(wall)) return null;
  let zone = zones.get(timeZone);
  if (zone === undefined) {
    zone = new Zone(timeZone);
    zones.set(timeZone, zone);
  }
  return writeInstant(zone.toUtc(wall));
}

/** What the wall clock shows, in ms as if it were in UTC; NaN if the text is no date and time. */
function wallClock(text: string): number {
  const dashed = text.length === 19;
  if (dashed) {
    const separated =
      text.charCodeAt(4) === 0x2d &&
      text.charCodeAt(7) === 0x2d &&
      text.charCodeAt(10) === 0x20 &&
      text.charCodeAt(13) === 0x3a &&
      text.charCodeAt(16) === 0x3a;
    if (!separated) return NaN;
  } else if (text.length !== 14) {
    return NaN;
  }
  // Without separators every field stands one place further left for each separator before it.
  const step = dashed ? 1 : 0;
  const year = twoDigits(text, 0) * 100 + twoDigits(text, 2);
  const month = twoDigits(text, 4 + step);
  const day = twoDigits(text, 6 + 2 * step);
  const hour = twoDigits(text, 8 + 3 * step);
  const minute = twoDigits(text, 10 + 4 * step);
  const second = twoDigits(text, 12 + 5 * step);
  // A character that is no digit gives NaN, and NaN is no date.
  return calendarTime(year, month, day, hour, minute, second);
}

function twoDigits(text: string, at: number): number {
  const tens = text.charCodeAt(at) - 0x30;
  const ones = text.charCodeAt(at + 1) - 0x30;
  return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? tens * 10 + ones : NaN;
}

/** The offsets of one zone. Intl is asked a few times per day of the calendar, never per receipt: it takes microseconds. */
class Zone {
  readonly #format: Intl.DateTimeFormat;
  readonly #days = new Map<number, DayOffsets>();
  #lastDay = NaN;
  #lastOffsets: DayOffsets = { before: 0, after: 0, changesAt: Infinity };

  constructor(timeZone: string) {
    this.#format = new Intl.DateTimeFormat('en-US', { timeZone, timeZoneName: 'longOffset' });
  }

  /** Unix ms of a moment that the wall clock shows as `wall`. */
  toUtc(wall: number): number {
    const { before, after, changesAt } = this.#offsetsOf(Math.floor(wall / DAY));
    const early = wall - before;
    if (early < changesAt) return early;
    const late = wall - after;
    return late >= changesAt ? late : early;
  }

  #offsetsOf(day: number): DayOffsets {
    if (day === this.#lastDay) return this.#lastOffsets;
    let offsets = this.#days.get(day);
    if (offsets === undefined) {
      offsets = this.#findOffsets(day);
      if (this.#days.size >= MAX_DAYS) this.#days.clear();
      this.#days.set(day, offsets);
    }
    this.#lastDay = day;
    this.#lastOffsets = offsets;
    return offsets;
  }

  /** A day of the wall clock lies within the three UTC days around it, whatever the zone; none has two changes in them. */
  #findOffsets(day: number): DayOffsets {
    let low = (day - 1) * DAY;
    let high = (day + 2) * DAY;
    const before = this.#offsetAt(low);
    const after = this.#offsetAt(high);
    if (before === after) return { before, after, changesAt: Infinity };
    while (high - low > SECOND) {
      const middle = low + Math.floor((high - low) / 2 / SECOND) * SECOND;
      if (this.#offsetAt(middle) === before) low = middle;
      else high = middle;
    }
    return { before, after, changesAt: high };
  }

  /** Offset from UTC at an instant, in ms: `GMT+08:00` → 28800000. */
  #offsetAt(instant: number): number {
    const name = this.#format.formatToParts(instant).find(({ type }) => type === 'timeZoneName')?.value ?? '';
    const [, sign, hours, minutes, seconds = '0'] = /^GMT([+-])(\d\d):(\d\d)(?::(\d\d))?$/.exec(name) ?? [];
    const size = (Number(hours ?? 0) * 60 + Number(minutes ?? 0)) * 60 + Number(seconds);
    return (sign === '-' ? -size : size) * SECOND;
  }
}

const zones = new Map<string, Zone>();
