const DAY = 24 * 60 * 60 * 1000;

/** Before the epoch nobody sent messages; above 9998 the year might gain a fifth digit on its way to UTC. */
const FIRST_YEAR = 1970;
const LAST_YEAR = 9998;

/**
 * Unix ms of a date and time, as if the clock that showed it were in UTC.
 * @returns NaN if there is no such date or time, or a part of it is NaN
 */
export function calendarTime(
  year: number,
  month: number,
  day: number,
  hour: number,
  minute: number,
  second: number,
): number {
  // Each comparison is also false for NaN.
  const possible =
    year >= FIRST_YEAR && year <= LAST_YEAR && month >= 1 && month <= 12 && day >= 1 && day <= daysIn(year, month);
  return possible && hour <= 23 && minute <= 59 && second <= 59
    ? Date.UTC(year, month - 1, day, hour, minute, second)
    : NaN;
}

function daysIn(year: number, month: number): number {
  if (month === 2) return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0 ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}

const MINUTE_TEXTS = Array.from({ length: 24 * 60 }, (_, i) => `T${pad(Math.floor(i / 60))}:${pad(i % 60)}:`);
const SECOND_TEXTS = Array.from({ length: 60 }, (_, i) => `${pad(i)}.000Z`);

let writtenDay = NaN;
let writtenDate = '';

/**
 * Writes Unix ms as RFC 3339, UTC, milliseconds. Whole seconds only, hence from tables: `toISOString` would cost as much
 * as parsing the whole receipt.
 */
export function writeInstant(instant: number): string {
  const day = Math.floor(instant / DAY);
  if (day !== writtenDay) {
    writtenDate = new Date(instant).toISOString().slice(0, 10);
    writtenDay = day;
  }
  const seconds = (instant - day * DAY) / 1000;
  const minutes = Math.floor(seconds / 60);
  return `${writtenDate}${MINUTE_TEXTS[minutes] ?? ''}${SECOND_TEXTS[seconds - minutes * 60] ?? ''}`;
}

function pad(number: number): string {
  return String(number).padStart(2, '0');
}
