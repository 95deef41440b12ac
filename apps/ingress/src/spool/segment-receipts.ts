import type { DatabaseSync } from 'node:sqlite';
import { crc32 } from 'node:zlib';
import type { StoredReceipt } from './stored-receipt.js';

/** The receipts of a segment: numbered from 1 without a gap, each with a checksum. */
export const RECEIPT_TABLE = `CREATE TABLE receipt (
    id INTEGER PRIMARY KEY, received_at INTEGER NOT NULL, checksum INTEGER NOT NULL, bytes BLOB NOT NULL
  ) STRICT`;

/** Some receipts of a segment, in the order in which they came. */
export interface SegmentBatch {
  readonly receipts: readonly Uint8Array[];
  /** What to call `advance` with once Kafka has them. */
  readonly upTo: number;
}

interface Row {
  readonly id: number;
  readonly receivedAt: number;
  readonly checksum: number;
  readonly bytes: Uint8Array;
}

const ROW = 'id, received_at AS receivedAt, checksum, bytes';

/** Appends a receipt under its number. */
export type ReceiptWriter = (id: number, receipt: StoredReceipt) => void;

/** Makes what appends receipts; it throws errors of SQLite, as does making it. */
export function receiptWriter(db: DatabaseSync): ReceiptWriter {
  const insert = db.prepare('INSERT INTO receipt VALUES (?, ?, ?, ?)');
  return (id, { receivedAt, bytes }) => {
    insert.run(id, receivedAt, crc32(bytes), bytes);
  };
}

/**
 * Reads receipts `first` to `last`, or fewer: so many bytes at most, but one receipt at least. Null: one of them is
 * missing, or is not what was written.
 * @throws Error of SQLite
 */
export function readIntact(db: DatabaseSync, first: number, last: number, maxBytes: number): SegmentBatch | null {
  const rows = db.prepare(`SELECT ${ROW} FROM receipt WHERE id BETWEEN ? AND ? ORDER BY id`);
  const receipts: Uint8Array[] = [];
  let next = first;
  let bytes = 0;
  for (const row of rows.iterate(first, last) as Iterable<unknown> as Iterable<Row>) {
    if (row.id !== next || !isIntact(row)) return null;
    bytes += row.bytes.length;
    if (receipts.length > 0 && bytes > maxBytes) return { receipts, upTo: next - 1 };
    receipts.push(row.bytes);
    next += 1;
  }
  return next === last + 1 ? { receipts, upTo: last } : null;
}

/** Reads what can be read of receipts `first` to `last`, each alone, until it is so many bytes. Never throws. */
export function readEach(
  db: DatabaseSync,
  first: number,
  last: number,
  maxBytes: number,
): SegmentBatch & { readonly unreadable: number } {
  const receipts: Uint8Array[] = [];
  let unreadable = 0;
  let bytes = 0;
  let id = first;
  for (; id <= last && (bytes < maxBytes || receipts.length === 0); id++) {
    const row = readRow(db, id);
    if (row === null || !isIntact(row)) {
      unreadable += 1;
      continue;
    }
    receipts.push(row.bytes);
    bytes += row.bytes.length;
  }
  return { receipts, upTo: id - 1, unreadable };
}

/** When a receipt was received, Unix ms; null: it cannot be read. */
export function whenReceived(db: DatabaseSync, id: number): number | null {
  return readRow(db, id)?.receivedAt ?? null;
}

/**
 * The greatest number of a receipt that can be found.
 * @throws Error of SQLite if none can
 */
export function lastReceipt(db: DatabaseSync): number {
  try {
    const { last } = db.prepare('SELECT max(id) AS last FROM receipt').get() as { last: number | null };
    return last ?? 0;
  } catch {
    // The end itself is damaged: what comes before it is found from the other side.
    let last = 0;
    try {
      for (const { id } of db.prepare('SELECT id FROM receipt ORDER BY id').iterate()) last = Number(id);
    } catch (error) {
      if (last === 0) throw error;
    }
    return last;
  }
}

function readRow(db: DatabaseSync, id: number): Row | null {
  try {
    return (db.prepare(`SELECT ${ROW} FROM receipt WHERE id = ?`).get(id) as unknown as Row | undefined) ?? null;
  } catch {
    return null;
  }
}

/** What is damaged need not even be bytes. */
function isIntact({ checksum, bytes }: Row): boolean {
  return bytes instanceof Uint8Array && crc32(bytes) === checksum;
}
