import { randomFillSync } from 'node:crypto';
import { v7 } from 'uuid';

/** What one id takes from the pool. */
const ID_BYTES = 16;
const pool = new Uint8Array(ID_BYTES * 256);
let used = pool.length;

/**
 * A UUID of version 7. Its random bytes are fetched for many ids at once: asking the system for each of them was a
 * twentieth of the CPU time of the whole process (measured with node --cpu-prof).
 */
export function newReceiptId(): string {
  return v7({ rng: nextRandomBytes });
}

/**
 * Whether a receipt belongs to a sample. Its id decides, by its last 32 random bits, so that whoever samples chooses the
 * same receipts.
 * @param share 0 to 1
 */
export function isSampled(receiptId: string, share: number): boolean {
  return share > 0 && parseInt(receiptId.slice(-8), 16) < share * 2 ** 32;
}

function nextRandomBytes(): Uint8Array {
  if (used === pool.length) {
    randomFillSync(pool);
    used = 0;
  }
  used += ID_BYTES;
  return pool.subarray(used - ID_BYTES, used);
}
