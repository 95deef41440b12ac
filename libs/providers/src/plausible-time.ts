import type { ReceiptContext } from './provider.js';

/** No receipt that comes today is about an earlier time; clocks that were never set show 1970 or 1980. */
const EARLIEST = '2000-01-01T00:00:00.000Z';

/** Beijing time, read in whatever zone by mistake, is at most 20 hours ahead, and such times are still of use; ms. */
const FURTHEST_AHEAD = 24 * 60 * 60 * 1000;

/**
 * A time that a provider gave, if it can be true: not before the year 2000, and at most 24 hours after the receipt was
 * received. Any other counts as one that cannot be read: the latest report wins, so one from the year 2062 would win for
 * ever. Measured against the receipt and not against a clock, so that a replay comes to the same result.
 * @param time RFC 3339, UTC, milliseconds; null stays null
 */
export function plausible(time: string | null, { receivedAt }: Pick<ReceiptContext, 'receivedAt'>): string | null {
  // Both are texts of one form, which sort as the times do; nearly every receipt is done after two comparisons.
  if (time === null || time < EARLIEST) return null;
  return time <= receivedAt || Date.parse(time) - Date.parse(receivedAt) <= FURTHEST_AHEAD ? time : null;
}
