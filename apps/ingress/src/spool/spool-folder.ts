import { randomUUID } from 'node:crypto';
import { closeSync, existsSync, mkdirSync, openSync, readdirSync, rmdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { syncDirectory } from './segment-files.js';

const NAME = /^spool-[0-9a-f-]{36}$/;
const LOCK = 'lock';
/** How the names of segments end. */
export const SEGMENT = '.sqlite';

/** Mode of what holds receipts: they are personal data. */
export const PRIVATE = 0o700;

/**
 * A folder of segments, and the proof that nobody else has it: a lock of the operating system's, which ends with its
 * process however that ends. So a folder whose lock can be had is an orphan. SQLite holds the lock, because Node has none.
 */
export class SpoolFolder {
  private constructor(
    /** Unique for ever. */
    readonly name: string,
    readonly path: string,
    private readonly lock: DatabaseSync,
  ) {}

  /**
   * Makes a folder of one's own below `directory`.
   * @throws Error of the file system or of SQLite
   */
  static create(directory: string): SpoolFolder {
    const name = `spool-${randomUUID()}`;
    const path = join(directory, name);
    mkdirSync(path, { mode: PRIVATE });
    try {
      // SQLite would only say that it cannot open it, not that the disk is full.
      closeSync(openSync(join(path, LOCK), 'a'));
    } catch (error) {
      rmdirSync(path);
      throw error;
    }
    const folder = SpoolFolder.#take(directory, name);
    // Somebody who looks for orphans was faster.
    if (folder === null) return SpoolFolder.create(directory);
    syncDirectory(directory);
    return folder;
  }

  /**
   * Takes every folder below `directory` that belongs to no process that lives. One that cannot be had is no reason to
   * leave the others.
   * @param onRefused what stands in the way of one
   * @throws Error of the file system if `directory` cannot be read
   */
  static adoptAll(directory: string, onRefused: (name: string, error: unknown) => void): SpoolFolder[] {
    const names = readdirSync(directory, { withFileTypes: true })
      .filter((entry) => entry.isDirectory() && NAME.test(entry.name))
      .map(({ name }) => name);
    return names.flatMap((name) => {
      try {
        return SpoolFolder.#take(directory, name) ?? [];
      } catch (error) {
        onRefused(name, error);
        return [];
      }
    });
  }

  /** Paths of its segments, oldest first. */
  segments(): string[] {
    return readdirSync(this.path)
      .filter((name) => name.endsWith(SEGMENT))
      .sort()
      .map((name) => join(this.path, name));
  }

  /** Path for a new segment. Names sort by age, also against those of another folder. */
  newSegment(sequence: number): string {
    const [time, number] = [String(Date.now()).padStart(14, '0'), String(sequence).padStart(8, '0')];
    return join(this.path, `${time}-${number}${SEGMENT}`);
  }

  /** Gives it up: whoever finds it may have it. */
  release(): void {
    this.lock.close();
  }

  /** Removes it, if it is empty. The lock goes last, and is held until it has gone. */
  remove(): void {
    if (this.segments().length === 0) {
      rmSync(join(this.path, LOCK), { force: true });
      try {
        rmdirSync(this.path);
      } catch {
        // Somebody is about to take it, or has put something into it.
      }
    }
    this.release();
  }

  static #take(directory: string, name: string): SpoolFolder | null {
    const path = join(directory, name);
    const file = join(path, LOCK);
    let lock: DatabaseSync | undefined;
    try {
      lock = new DatabaseSync(file);
      // Without it the lock would have a journal beside it.
      lock.exec('PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE');
    } catch (error) {
      lock?.close();
      // In use, or removed by its owner this moment.
      if (isBusy(error) || !existsSync(path)) return null;
      throw error;
    }
    if (existsSync(file)) return new SpoolFolder(name, path, lock);
    // The lock of a folder that its owner has removed meanwhile proves nothing.
    lock.close();
    return null;
  }
}

/** SQLITE_BUSY. */
function isBusy(error: unknown): boolean {
  return (error as { readonly errcode?: number }).errcode === 5;
}
