import { idText } from './field-readers.js';
import { writeInstant } from './instant.js';

/**
 * The year 1973. Smaller values are seconds (or no times at all) in a field that is to hold milliseconds; taking them
 * for January 1970 would be worse than having no time.
 */
const EARLIEST = 1e11;

/** The last millisecond of the year 9998, the bound that local times have too. */
const LATEST = Date.UTC(9999, 0) - 1;

/**
 * Reads Unix time in milliseconds: an integer from 1973 on, as a number or as text.
 * @returns RFC 3339, UTC, milliseconds; null for anything else
 */
export function epochMillisecondsToUtc(value: unknown): string | null {
  const text = idText(value);
  if (text === null || !/^\d{12,15}$/.test(text)) return null;
  const instant = Number(text);
  return instant >= EARLIEST && instant <= LATEST ? new Date(instant).toISOString() : null;
}

/**
 * Reads Unix time in seconds: an integer from 1973 on, as a number or as text.
 * @returns RFC 3339, UTC, milliseconds; null for anything else
 */
export function epochSecondsToUtc(value: unknown): string | null {
  const text = idText(value);
  if (text === null || !/^\d{9,12}$/.test(text)) return null;
  const instant = Number(text) * 1000;
  return instant >= EARLIEST && instant <= LATEST ? writeInstant(instant) : null;
}
