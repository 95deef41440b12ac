import { createHash } from 'node:crypto';
import { canonicalJson } from '#contracts';
import type { StoredRow } from './stored-rows.js';

const MODULUS = 1n << 128n;

/**
 * Sums of the hashes of rows: the same for equal tables, in whatever order their rows are read. Revisions, versions and
 * write times, which tell how a state came about and not what it is, are left out.
 */
export class Checksum {
  #rows = 0;
  #states = 0n;
  #facts = 0n;

  get rows(): number {
    return this.#rows;
  }

  add(table: string, { key, columns, facts }: Pick<StoredRow, 'key' | 'columns' | 'facts'>): void {
    this.#rows += 1;
    this.#states = (this.#states + hashOf([table, key, columns])) % MODULUS;
    this.#facts = (this.#facts + hashOf([table, key, facts])) % MODULUS;
  }

  /** Of keys and derived columns: equal wherever the same reports were projected. */
  get states(): string {
    return hex(this.#states);
  }

  /** Of the sets of facts, receipts and all: equal where the same events were projected. */
  get facts(): string {
    return hex(this.#facts);
  }
}

function hashOf(value: unknown): bigint {
  return BigInt(`0x${createHash('sha256').update(canonicalJson(value)).digest('hex').slice(0, 32)}`);
}

function hex(sum: bigint): string {
  return sum.toString(16).padStart(32, '0');
}
