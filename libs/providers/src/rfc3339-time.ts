import { calendarTime } from './instant.js';

/** Date, time, fraction, and an offset that has to be there. https://www.rfc-editor.org/rfc/rfc3339#section-5.6 */
const TIME =
  /^(\d{4})-(\d{2})-(\d{2})[Tt ](\d{2}):(\d{2}):(\d{2})(?:\.(\d{1,9}))?(?:[Zz]|([+-])([01]\d|2[0-3]):([0-5]\d))$/;

/** A time of RFC 3339, in any zone, as UTC with milliseconds (finer fractions are cut off); null if it is none. */
export function rfc3339ToUtc(text: string): string | null {
  const parts = TIME.exec(text);
  if (parts === null) return null;
  const [year, month, day, hour, minute, second] = parts.slice(1, 7).map(Number) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  const [fraction = '', sign, offsetHours = '0', offsetMinutes = '0'] = parts.slice(7);
  const offset = (Number(offsetHours) * 60 + Number(offsetMinutes)) * 60_000 * (sign === '-' ? -1 : 1);
  const clock = calendarTime(year, month, day, hour, minute, second);
  const instant = clock + Number(fraction.padEnd(3, '0').slice(0, 3)) - offset;
  return Number.isNaN(instant) ? null : new Date(instant).toISOString();
}
