const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const WEEK = 7 * DAY;

/** Years and months are left out: they have no fixed length. At least one part, and one after the T. */
const DURATION =
  /^P(?=[\dT])(?:(\d{1,6})W)?(?:(\d{1,6})D)?(?:T(?=\d)(?:(\d{1,6})H)?(?:(\d{1,6})M)?(?:(\d{1,9})(?:[.,](\d{1,3}))?S)?)?$/;

/**
 * Milliseconds of an ISO 8601 duration of weeks, days, hours, minutes and seconds (`P3D`, `PT72H`, `PT1M30.5S`); null if
 * it is none. A day has 24 hours.
 */
export function durationMilliseconds(text: string): number | null {
  const parts = DURATION.exec(text);
  if (parts === null) return null;
  const [weeks = 0, days = 0, hours = 0, minutes = 0, seconds = 0] = parts
    .slice(1, 6)
    .map((part?: string) => Number(part ?? 0));
  const fraction = Number((parts[6] ?? '').padEnd(3, '0'));
  return weeks * WEEK + days * DAY + hours * HOUR + minutes * MINUTE + seconds * SECOND + fraction;
}

/** An ISO 8601 duration in the form that events carry: hours, minutes and seconds, `PT72H`. One text for one length. */
export function durationText(milliseconds: number): string {
  const hours = Math.floor(milliseconds / HOUR);
  const minutes = Math.floor((milliseconds % HOUR) / MINUTE);
  const seconds = (milliseconds % MINUTE) / SECOND;
  const parts = [hours > 0 && `${hours}H`, minutes > 0 && `${minutes}M`, seconds > 0 && `${seconds}S`];
  const text = parts.filter((part) => part !== false).join('');
  return `PT${text === '' ? '0S' : text}`;
}
