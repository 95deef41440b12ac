import type { Random } from './random.js';
import { randomUuid } from './random.js';

/** Milliseconds that one tag stands for. */
const TAG_UNIT = 10;
/** Tags are counted from here, so that they never begin with 0, which a bare number would lose. */
const FIRST_TAG = 1_000_000_000;
/** How many there are, all of ten digits: enough for nearly three years. */
const TAGS = 9_000_000_000;

/**
 * What everything of one run holds, so that its receipts can be told from those of every other run on data that survives
 * restarts. A run takes longer than the ten milliseconds that two tags are apart.
 * @param startedAt Unix ms
 * @returns ten digits
 */
export function runTag(startedAt: number): string {
  return String(FIRST_TAG + (Math.floor(startedAt / TAG_UNIT) % TAGS));
}

/** A UUID that ends in the tag of the run. */
export function taggedUuid(random: Random, tag: string): string {
  return randomUuid(random).slice(0, -tag.length) + tag;
}
