import { randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, rmdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { syncDirectory } from './segment.js';

const NAME = /^spool-[0-9a-f-]{36}$/;
const LOCK = 'lock';
const SEGMENT = '.sqlite';

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
    mkdirSync(join(directory, name));
    const folder = SpoolFolder.#take(directory, name);
    if (folder === null) throw new Error('a folder that was just made is locked already');
    syncDirectory(directory);
    return folder;
  }

  /** Takes every folder below `directory` that belongs to no process that lives. */
  static adoptAll(directory: string): SpoolFolder[] {
    const names = readdirSync(directory, { withFileTypes: true })
      .filter((entry) => entry.isDirectory() && NAME.test(entry.name))
      .map(({ name }) => name);
    return names.flatMap((name) => SpoolFolder.#take(directory, name) ?? []);
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
