/** Offsets of raw receipts that one row of the ledger speaks of: half a kilobyte of bits. Never to be changed. */
export const BLOCK = 4_096;

/** The block that an offset lies in. */
export function blockOf(offset: number): number {
  return Math.floor(offset / BLOCK);
}

/**
 * SQL for the bits of all offsets of a block that come before another.
 * @param count SQL for how many they are, a bigint; less than none is none, more than all is all
 */
export function bitsBefore(count: string): string {
  return `(~((~B'0'::bit(${BLOCK})) >> least(greatest(${count}, 0), ${BLOCK})::integer))`;
}

/** One bit for each offset of a block. A set: whatever comes twice, or again in another order, changes nothing. */
export class ReceiptBits {
  readonly #bytes = Buffer.alloc(BLOCK / 8);

  /** @param offset of the topic's partition; which block it is in the caller knows */
  add(offset: number): void {
    const at = offset % BLOCK;
    this.#bytes[at >> 3]! |= 0x80 >> (at & 7);
  }

  include(other: ReceiptBits): void {
    for (let at = 0; at < this.#bytes.length; at++) this.#bytes[at]! |= other.#bytes[at]!;
  }

  /** As Postgres reads them after an `x`. */
  toHex(): string {
    return this.#bytes.toString('hex');
  }
}

/** The offsets that bits of a block stand for, as Postgres writes them. */
export function offsetsIn(block: number, bits: string): number[] {
  const offsets: number[] = [];
  for (let at = bits.indexOf('1'); at >= 0; at = bits.indexOf('1', at + 1)) offsets.push(block * BLOCK + at);
  return offsets;
}
