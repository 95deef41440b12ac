import { calendarTime, writeInstant } from './instant.js';

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];

/** `[Thu, ]09 Jul 2026 11:01:33 +0800`. `GMT` and `UT` are the only zone names that say which zone they mean. */
const DATE_TIME =
  /^(?:(?:mon|tue|wed|thu|fri|sat|sun), *)?(\d{1,2}) +([a-z]{3}) +(\d{4}) +(\d{2}):(\d{2})(?::(\d{2}))? +(?:([+-])(\d{2})([0-5]\d)|gmt|ut)$/i;

/** Longer than any such text; it bounds the work on what is none. */
const MAX_LENGTH = 48;

const MINUTE = 60 * 1000;

/**
 * Reads a date of RFC 2822 (section 3.3; https://www.rfc-editor.org/rfc/rfc2822#section-3.3), such as
 * `Thu, 09 Jul 2026 11:01:33 +0800`. The name of the day may be missing or wrong: the date does not need it.
 * @returns RFC 3339, UTC, milliseconds; null for any other form or an impossible date, time or offset
 */
export function rfc2822ToUtc(text: string): string | null {
  if (text.length > MAX_LENGTH) return null;
  const match = DATE_TIME.exec(text);
  if (match === null) return null;
  const [, day, month = '', year, hour, minute, second = '0', sign, offsetHours = '0', offsetMinutes = '0'] = match;
  const shown = calendarTime(
    Number(year),
    MONTHS.indexOf(month.toLowerCase()) + 1,
    Number(day),
    Number(hour),
    Number(minute),
    Number(second),
  );
  const offset = (Number(offsetHours) * 60 + Number(offsetMinutes)) * MINUTE;
  if (Number.isNaN(shown) || offset > 24 * 60 * MINUTE) return null;
  const instant = sign === '-' ? shown + offset : shown - offset;
  // An offset can lead from the first hours of 1970 to the year before.
  return instant < 0 ? null : writeInstant(instant);
}
