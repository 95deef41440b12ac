import { localTimeToUtc } from '../local-time.js';

const FORM = /^(\d{4}-\d{2}-\d{2})T(\d{2}:\d{2}:\d{2})Z$/i;

/**
 * Reads `yyyy-MM-dd'T'HH:mm:ss'Z'`. The page says that colons come as `%3a`; its JSON example has plain ones. So both
 * are taken: a form has been decoded already, a JSON value may not have been.
 * @returns RFC 3339, UTC, milliseconds; null for any other form or an impossible time
 */
export function utcTime(text: string): string | null {
  const [, date, time] = FORM.exec(text.includes('%') ? text.replaceAll(/%3a/gi, ':') : text) ?? [];
  return date === undefined || time === undefined ? null : localTimeToUtc(`${date} ${time}`, 'UTC');
}
