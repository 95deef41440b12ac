import { dirname } from 'node:path';
import { DatabaseSync, type StatementSync } from 'node:sqlite';
import { crc32 } from 'node:zlib';
import { moveSegment, removeSegment, syncDirectory } from './segment-files.js';
import type { StoredReceipt } from './stored-receipt.js';

/** Some receipts of a segment, in the order in which they came. */
export interface SegmentBatch {
  readonly receipts: readonly Uint8Array[];
  /** What to call `advance` with once Kafka has them. */
  readonly upTo: number;
}

/**
 * With a rollback journal what was committed is in the file itself: damage is an error when it is read. A write-ahead
 * log would be cut silently where its first bad checksum is (decision 19). FULL: a commit returns when the journal and
 * the file are synced.
 */
const SETTINGS = `
  PRAGMA locking_mode = EXCLUSIVE;
  PRAGMA journal_mode = PERSIST;
  PRAGMA synchronous = FULL;
  PRAGMA cell_size_check = ON;`;

const SCHEMA = `
  BEGIN;
  CREATE TABLE receipt (
    id INTEGER PRIMARY KEY, received_at INTEGER NOT NULL, checksum INTEGER NOT NULL, bytes BLOB NOT NULL
  ) STRICT;
  CREATE TABLE position (written INTEGER NOT NULL, drained INTEGER NOT NULL) STRICT;
  INSERT INTO position VALUES (0, 0);
  COMMIT;`;

interface Row {
  readonly id: number;
  readonly receivedAt: number;
  readonly checksum: number;
  readonly bytes: Uint8Array;
}

const ROW = 'id, received_at AS receivedAt, checksum, bytes';

/**
 * One file of the spool: receipts are appended in groups, read in their order, and the whole file is removed at the end,
 * so that nothing has to be deleted from within. Every receipt has the next number and a checksum: one that is missing or
 * is not what was written is found when it is read, and counted. Synchronous: it lives in a thread of its own.
 */
export class Segment {
  readonly path: string;
  #db: DatabaseSync;
  #salvaging = false;
  #written = 0;
  #drained = 0;
  #unreadable = 0;
  #bytes = 0;
  #oldest: number | null = null;
  #insert: StatementSync | null = null;

  private constructor(path: string, db: DatabaseSync) {
    this.path = path;
    this.#db = db;
  }

  /**
   * Makes a new one, and its name durable.
   * @throws Error of SQLite or of the file system
   */
  static create(path: string): Segment {
    const segment = new Segment(path, new DatabaseSync(path));
    try {
      segment.#db.exec(SETTINGS);
      segment.#db.exec(SCHEMA);
      syncDirectory(dirname(path));
      segment.#measure();
      return segment;
    } catch (error) {
      segment.remove();
      throw error;
    }
  }

  /**
   * Opens one that a process left; a commit that it did not finish is undone.
   * @throws Error if nothing of it can be read
   */
  static open(path: string): Segment {
    const segment = new Segment(path, new DatabaseSync(path));
    try {
      segment.#db.exec(SETTINGS);
      segment.#readPosition();
    } catch {
      segment.#salvage();
    }
    return segment;
  }

  /** Receipts that are not drained yet, as far as known readable. */
  get receipts(): number {
    return this.#written - this.#drained;
  }

  /** Of the file on disk. */
  get bytes(): number {
    return this.#bytes;
  }

  /**
   * When the first that is not drained was received, Unix ms; where it cannot be read, the one before it, or the first that
   * can. Null: there is none.
   */
  get oldest(): number | null {
    return this.#oldest;
  }

  /** Receipts that were met and could not be read. */
  get unreadable(): number {
    return this.#unreadable;
  }

  /** Whether it was found to be damaged. Then nobody knows whether all that was in it is still counted. */
  get isDamaged(): boolean {
    return this.#salvaging;
  }

  /**
   * Appends receipts, all or none. Durable when it returns.
   * @throws Error of SQLite; then nothing may be appended to this file any more: after a sync that failed nobody knows
   * what is on the disk, and the next sync may succeed all the same
   */
  append(receipts: readonly StoredReceipt[]): void {
    const db = this.#db;
    const insert = (this.#insert ??= db.prepare('INSERT INTO receipt VALUES (?, ?, ?, ?)'));
    let id = this.#written;
    db.exec('BEGIN IMMEDIATE');
    try {
      for (const { receivedAt, bytes } of receipts) insert.run(++id, receivedAt, crc32(bytes), bytes);
      db.prepare('UPDATE position SET written = ?').run(id);
      db.exec('COMMIT');
    } catch (error) {
      if (db.isTransaction) db.exec('ROLLBACK');
      throw error;
    }
    this.#written = id;
    this.#oldest ??= receipts[0]?.receivedAt ?? null;
    this.#measure();
  }

  /**
   * The next that are not drained: at most so many, and so many bytes, but one at least if there is one.
   * @throws Error of SQLite if the file cannot be read now; it may be later
   */
  read(maxRecords: number, maxBytes: number): SegmentBatch {
    const first = this.#drained + 1;
    const last = Math.min(this.#written, this.#drained + maxRecords);
    if (!this.#salvaging) {
      try {
        const batch = this.#readIntact(first, last, maxBytes);
        if (batch !== null) return batch;
      } catch {
        // Below each is read alone.
      }
      this.#salvage();
    }
    return this.#readEach(first, last, maxBytes);
  }

  /** Kafka has everything up to here. If that cannot be noted, it is sent again after a restart: the same receipts. */
  advance(upTo: number): void {
    this.#drained = upTo;
    if (!this.#salvaging) {
      try {
        this.#db.prepare('UPDATE position SET drained = ?').run(upTo);
      } catch {
        if (this.#db.isTransaction) this.#db.exec('ROLLBACK');
      }
    }
    this.#lookForOldest();
  }

  close(): void {
    if (this.#db.isOpen) this.#db.close();
  }

  /** Removes the file. */
  remove(): void {
    this.close();
    removeSegment(this.path);
  }

  /** Puts the file elsewhere, as it is. */
  moveTo(path: string): void {
    this.close();
    moveSegment(this.path, path);
  }

  /** Null: one is missing, or is not what was written. */
  #readIntact(first: number, last: number, maxBytes: number): SegmentBatch | null {
    const rows = this.#db.prepare(`SELECT ${ROW} FROM receipt WHERE id BETWEEN ? AND ? ORDER BY id`);
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

  #readEach(first: number, last: number, maxBytes: number): SegmentBatch {
    const receipts: Uint8Array[] = [];
    let bytes = 0;
    let id = first;
    for (; id <= last && (bytes < maxBytes || receipts.length === 0); id++) {
      const row = this.#row(id);
      if (row === null || !isIntact(row)) {
        this.#unreadable += 1;
        continue;
      }
      receipts.push(row.bytes);
      bytes += row.bytes.length;
    }
    return { receipts, upTo: id - 1 };
  }

  #row(id: number): Row | null {
    try {
      return (
        (this.#db.prepare(`SELECT ${ROW} FROM receipt WHERE id = ?`).get(id) as unknown as Row | undefined) ?? null
      );
    } catch {
      return null;
    }
  }

  #lookForOldest(): void {
    if (this.receipts === 0) this.#oldest = null;
    else this.#oldest = this.#row(this.#drained + 1)?.receivedAt ?? this.#oldest ?? this.#firstReadable();
  }

  #firstReadable(): number | null {
    for (let id = this.#drained + 1; id <= this.#written; id++) {
      const row = this.#row(id);
      if (row !== null) return row.receivedAt;
    }
    return null;
  }

  /**
   * Goes on reading a damaged file without ever writing to it: whoever repairs it later finds it as it was. Such a file
   * may be shorter than its head says, which SQLite refuses to read unless its schema is declared writable.
   * @throws Error of SQLite if the file cannot be opened now, or if nothing of it was ever read
   */
  #salvage(): void {
    this.close();
    this.#insert = null;
    this.#db = new DatabaseSync(this.path, { readOnly: true, defensive: false });
    const drained = this.#drained;
    try {
      this.#db.exec('PRAGMA writable_schema = ON');
      try {
        this.#readPosition();
      } catch {
        this.#countReceipts();
      }
    } catch (error) {
      this.close();
      throw error;
    }
    this.#salvaging = true;
    this.#drained = Math.max(drained, this.#drained);
    this.#lookForOldest();
  }

  /** The position is lost: everything that is found comes again, but for what this process has drained. It will merge. */
  #countReceipts(): void {
    try {
      this.#written = Math.max(this.#written, lastReceipt(this.#db));
      this.#measure();
    } catch (error) {
      if (this.#written === 0 || mayPass(error)) throw error;
      // What is known of it is in memory: each of its receipts is counted as unreadable.
    }
  }

  #readPosition(): void {
    const position = this.#db.prepare('SELECT written, drained FROM position').get();
    if (position === undefined) throw new Error('the position of a segment is missing');
    this.#written = Number(position.written);
    this.#drained = Number(position.drained);
    this.#measure();
    this.#lookForOldest();
  }

  #measure(): void {
    const { page_count: pages } = this.#db.prepare('PRAGMA page_count').get() as { page_count: number };
    const { page_size: size } = this.#db.prepare('PRAGMA page_size').get() as { page_size: number };
    this.#bytes = pages * size;
  }
}

/**
 * The greatest number of a receipt that can be found.
 * @throws Error of SQLite if none can
 */
function lastReceipt(db: DatabaseSync): number {
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

/** SQLite's BUSY, LOCKED, NOMEM, IOERR and CANTOPEN. */
const PASSING = new Set([5, 6, 7, 10, 14]);

/** Whether it may work later. The upper bytes of the code only tell one cause from another. */
function mayPass(error: unknown): boolean {
  return PASSING.has(((error as { readonly errcode?: number }).errcode ?? 0) & 0xff);
}

/** What is damaged need not even be bytes. */
function isIntact({ checksum, bytes }: Row): boolean {
  return bytes instanceof Uint8Array && crc32(bytes) === checksum;
}
