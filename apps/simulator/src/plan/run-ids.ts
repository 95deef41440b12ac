/** Milliseconds that one tag stands for. */
const TAG_UNIT = 10;
/** Tags are counted from here, so that they never begin with 0, which a bare number would lose. */
const FIRST_TAG = 1_000_000_000;
/** How many there are, all of ten digits: enough for nearly three years. */
const TAGS = 9_000_000_000;

/**
 * What the ids of one run start with, so that its receipts can be told from those of every other run on data that
 * survives restarts. A run takes longer than the ten milliseconds that two tags are apart.
 * @param startedAt Unix ms
 * @returns ten digits
 */
export function runTag(startedAt: number): string {
  return String(FIRST_TAG + (Math.floor(startedAt / TAG_UNIT) % TAGS));
}

/** A `biz_id` in the vendor's shape: 18 digits and `^0`. */
export function bizId(tag: string, index: number): string {
  return `${tag}${String(index).padStart(8, '0')}^0`;
}

/** A `sequence_id`: 15 digits, below 2^53 also as a bare number. */
export function sequenceId(tag: string, index: number): string {
  return `${tag}${String(index).padStart(5, '0')}`;
}

/** An `orderId`, the number of a review's work order. */
export function orderId(tag: string, index: number): string {
  return `${tag}${String(index).padStart(5, '0')}`;
}

/** A `template_code`. */
export function templateCode(tag: string, index: number): string {
  return `SMS_${tag}${String(index).padStart(5, '0')}`;
}

/** A `sign_name`, unique to the run: a review is told from others by it. */
export function signName(tag: string, index: number): string {
  return `示例${tag}-${index}`;
}
