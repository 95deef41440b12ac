import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { moveSegment, removeSegment, syncDirectory } from './segment-files.js';
import {
  lastReceipt,
  readEach,
  readIntact,
  RECEIPT_TABLE,
  receiptWriter,
  whenReceived,
  type ReceiptWriter,
  type SegmentBatch,
} from './segment-receipts.js';
import type { StoredReceipt } from './stored-receipt.js';

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
  ${RECEIPT_TABLE};
  CREATE TABLE position (written INTEGER NOT NULL, drained INTEGER NOT NULL) STRICT;
  INSERT INTO position VALUES (0, 0);
  COMMIT;`;

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
  #insert: ReceiptWriter | null = null;

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
    const insert = (this.#insert ??= receiptWriter(db));
    let id = this.#written;
    db.exec('BEGIN IMMEDIATE');
    try {
      for (const receipt of receipts) insert(++id, receipt);
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
        const batch = readIntact(this.#db, first, last, maxBytes);
        if (batch !== null) return batch;
      } catch {
        // Below each is read alone.
      }
      this.#salvage();
    }
    const { unreadable, ...batch } = readEach(this.#db, first, last, maxBytes);
    this.#unreadable += unreadable;
    return batch;
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

  #lookForOldest(): void {
    if (this.receipts === 0) this.#oldest = null;
    else this.#oldest = whenReceived(this.#db, this.#drained + 1) ?? this.#oldest ?? this.#firstReadable();
  }

  #firstReadable(): number | null {
    for (let id = this.#drained + 1; id <= this.#written; id++) {
      const found = whenReceived(this.#db, id);
      if (found !== null) return found;
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

/** SQLite's BUSY, LOCKED, NOMEM, IOERR and CANTOPEN. */
const PASSING = new Set([5, 6, 7, 10, 14]);

/** Whether it may work later. The upper bytes of the code only tell one cause from another. */
function mayPass(error: unknown): boolean {
  return PASSING.has(((error as { readonly errcode?: number }).errcode ?? 0) & 0xff);
}
