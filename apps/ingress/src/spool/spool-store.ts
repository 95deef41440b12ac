import { statfsSync, statSync } from 'node:fs';
import { basename } from 'node:path';
import { moveSegment, removeSegment } from './segment-files.js';
import { Segment } from './segment.js';
import { SetAside } from './set-aside.js';
import { SpoolFolder } from './spool-folder.js';
import {
  SpoolRefusal,
  type DrainBatch,
  type SpoolNote,
  type SpoolProblem,
  type SpoolSettings,
  type SpoolStatus,
} from './spool-terms.js';
import type { StoredReceipt } from './stored-receipt.js';

/** After its disk has failed it is left alone for so long, ms. */
const REST = 1_000;
/** A spool with less room than this, bytes, says that it is full: it would refuse the next commit, though not each receipt. */
const ROOM = 4_000_000;

/**
 * The spool of one process: segments in its own folder, and in those of processes that have ended, drained from the
 * oldest on. Appended to is only a segment that this very process has made and that has never failed. Synchronous.
 */
export class SpoolStore {
  readonly #settings: SpoolSettings;
  readonly #note: (note: SpoolNote) => void;
  readonly #setAside: SetAside;
  /** The first is where new segments go. */
  readonly #folders: SpoolFolder[] = [];
  readonly #emptied: SpoolFolder[] = [];
  /** Oldest first. */
  #segments: Segment[] = [];
  #current: Segment | null = null;
  /** Segments that hold something which Kafka refused. */
  readonly #kept = new Set<Segment>();
  #sequence = 0;
  #adopted = 0;
  #unreadable = 0;
  #failedAt = -Infinity;
  /** Its disk has failed, and nothing shows that it works again. */
  #isFailing = false;
  /** What could not be adopted, and why. */
  #notAdopted = new Map<string, string>();

  private constructor(settings: SpoolSettings, note: (note: SpoolNote) => void) {
    this.#settings = settings;
    this.#note = note;
    this.#setAside = new SetAside(settings.directory);
  }

  /**
   * Opens it, and takes over what processes left that have ended. A disk that is full is no obstacle: what lies there must
   * be drained.
   * @throws Error if the folder cannot be written
   */
  static open(settings: SpoolSettings, note: (note: SpoolNote) => void): SpoolStore {
    const store = new SpoolStore(settings, note);
    try {
      store.adopt();
      store.#current = store.#begin();
    } catch (error) {
      if (!isNoSpace(error)) {
        store.close();
        throw error;
      }
      store.#fail(error);
    }
    return store;
  }

  get status(): SpoolStatus {
    const segments = this.#segments;
    return {
      receipts: segments.reduce((sum, { receipts }) => sum + receipts, 0),
      bytes: this.#bytes,
      oldest: least(segments.flatMap(({ oldest }) => oldest ?? [])),
      folders: this.#folders.map(({ name }) => name),
      emptied: this.#emptied.map(({ name }) => name),
      adopted: this.#adopted,
      setAside: this.#setAside.files,
      unreadable: this.#unreadable,
      problem: this.#isFailing ? 'failing' : this.#problem(this.#room),
    };
  }

  /**
   * Appends receipts, all or none. Durable when it returns.
   * @throws SpoolRefusal
   */
  append(receipts: readonly StoredReceipt[]): void {
    const problem = this.#problem(receipts.reduce((sum, { bytes }) => sum + bytes.length, 0));
    if (problem !== null) throw new SpoolRefusal(problem);
    try {
      this.#current ??= this.#begin();
      this.#current.append(receipts);
    } catch (error) {
      this.#fail(error);
      throw new SpoolRefusal('failing');
    }
    this.#isFailing = false;
    if (this.#current.bytes >= this.#settings.segmentBytes) this.#current = null;
  }

  /**
   * The oldest receipts that can be read now; null: there are none.
   * @throws Error of SQLite if there are receipts, and none can be read now
   */
  read(maxRecords: number, maxBytes: number): DrainBatch | null {
    let failure: Error | null = null;
    for (const segment of [...this.#segments]) {
      try {
        const batch = this.#readSegment(segment, maxRecords, maxBytes);
        if (batch !== null) return batch;
      } catch (error) {
        // The others need not wait for it.
        failure ??= error as Error;
      }
    }
    if (failure !== null) throw failure;
    return null;
  }

  /**
   * Kafka has what was read, up to here.
   * @param refused how many of them Kafka will never take: their file is kept
   */
  drained({ segment: path, upTo }: Pick<DrainBatch, 'segment' | 'upTo'>, refused: number): void {
    const segment = this.#segments.find((one) => one.path === path);
    if (segment === undefined) return;
    if (refused > 0) {
      this.#kept.add(segment);
      this.#unreadable += refused;
    }
    segment.advance(upTo);
    if (segment.receipts === 0 && segment !== this.#current) this.#end(segment);
  }

  /**
   * Takes over what processes left that have ended, and looks whether a disk that has failed works again.
   * @throws Error of the file system if the directory cannot be read
   */
  adopt(): void {
    this.#setAside.count();
    if (this.#isFailing) this.#tryAgain();
    const refused = new Map<string, string>();
    const refuse = (name: string, error: unknown): void => {
      refused.set(name, reasonOf(error));
    };
    for (const folder of SpoolFolder.adoptAll(this.#settings.directory, refuse)) {
      try {
        this.#take(folder);
      } catch (error) {
        folder.release();
        refuse(folder.name, error);
      }
    }
    for (const [name, reason] of refused) {
      if (this.#notAdopted.get(name) !== reason) this.#note({ kind: 'not-adopted', name, reason });
    }
    this.#notAdopted = refused;
    this.#segments.sort((a, b) => (basename(a.path) < basename(b.path) ? -1 : 1));
    this.#leaveEmptyFolders(1);
  }

  /** It is known that these folders, which were emptied, hold nothing: they are removed. */
  forget(names: readonly string[]): void {
    for (const folder of this.#emptied.filter(({ name }) => names.includes(name))) {
      this.#emptied.splice(this.#emptied.indexOf(folder), 1);
      folder.remove();
    }
  }

  /** Takes nothing more, neither from anybody nor over. Afterwards `status.emptied` names what nothing is in. */
  retire(): void {
    for (const segment of this.#segments) {
      if (segment.receipts > 0) segment.close();
      else this.#end(segment);
    }
    this.#segments = [];
    this.#leaveEmptyFolders(0);
  }

  /** Leaves everything that is still there to whoever comes next. */
  close(): void {
    this.retire();
    for (const folder of [...this.#folders.splice(0), ...this.#emptied.splice(0)]) folder.release();
  }

  get #bytes(): number {
    return this.#segments.reduce((sum, { bytes }) => sum + bytes, 0);
  }

  /** @param more bytes that are to be appended */
  #problem(more: number): SpoolProblem | null {
    if (performance.now() - this.#failedAt < REST) return 'failing';
    return this.#bytes + more > this.#settings.maxBytes ? 'full' : null;
  }

  get #room(): number {
    return Math.min(ROOM, this.#settings.segmentBytes);
  }

  #begin(): Segment {
    let [own] = this.#folders;
    if (own === undefined) this.#folders.push((own = SpoolFolder.create(this.#settings.directory)));
    const segment = Segment.create(own.newSegment(++this.#sequence));
    this.#segments.push(segment);
    return segment;
  }

  #readSegment(segment: Segment, maxRecords: number, maxBytes: number): DrainBatch | null {
    while (segment.receipts > 0) {
      // Nothing more is written to a file that is being emptied, least of all to a damaged one.
      if (segment === this.#current) this.#current = null;
      const before = segment.unreadable;
      const { receipts, upTo } = segment.read(maxRecords, maxBytes);
      this.#unreadable += segment.unreadable - before;
      if (receipts.length > 0) return { receipts, segment: segment.path, upTo };
      segment.advance(upTo);
    }
    if (segment !== this.#current) this.#end(segment);
    return null;
  }

  /** After a sync that failed nobody knows what of a file is on the disk: it is drained, and never written again. */
  #fail(error: unknown): void {
    const failed = this.#current;
    this.#failedAt = performance.now();
    this.#isFailing = true;
    this.#current = null;
    this.#note({ kind: 'failed', reason: reasonOf(error) });
    // A disk that stays full would gather one of these a second.
    if (failed?.receipts === 0) this.#end(failed);
  }

  /** Without it the spool would be said to take receipts a second after each that it refused. */
  #tryAgain(): void {
    try {
      const { bavail, bsize } = statfsSync(this.#settings.directory);
      if (bavail * bsize < this.#room) return;
      this.#current ??= this.#begin();
      this.#isFailing = false;
      this.#failedAt = -Infinity;
    } catch {
      // It fails still.
    }
  }

  #take(folder: SpoolFolder): void {
    const paths = folder.segments();
    this.#folders.push(folder);
    for (const path of paths) this.#open(path);
    this.#adopted += 1;
    this.#note({ kind: 'adopted', folder: folder.name, segments: paths.length });
  }

  #open(path: string): void {
    try {
      this.#segments.push(Segment.open(path));
    } catch {
      this.#openNot(path);
    }
  }

  /** Never throws: the other files of its folder need not wait for it. */
  #openNot(path: string): void {
    try {
      // Its process ended before the file was anything: nothing in it can have been acknowledged.
      if (statSync(path).size === 0) {
        removeSegment(path);
        return;
      }
      this.#putAside(path, null, (aside) => {
        moveSegment(path, aside);
      });
    } catch (error) {
      // It stays where it is, and so does its folder.
      this.#note({ kind: 'not-adopted', name: basename(path), reason: reasonOf(error) });
    }
  }

  /** It is empty: removed, unless something in it has not reached Kafka. */
  #end(segment: Segment): void {
    this.#segments = this.#segments.filter((one) => one !== segment);
    if (segment.unreadable === 0 && !segment.isDamaged && !this.#kept.has(segment)) segment.remove();
    else {
      this.#putAside(segment.path, segment.unreadable, (aside) => {
        segment.moveTo(aside);
      });
    }
    this.#leaveEmptyFolders(1);
  }

  /** @param keep the first folders stay: new segments go into the first of all */
  #leaveEmptyFolders(keep: number): void {
    for (const folder of this.#folders.slice(keep)) {
      if (folder.segments().length > 0) continue;
      this.#folders.splice(this.#folders.indexOf(folder), 1);
      this.#emptied.push(folder);
    }
  }

  #putAside(path: string, unreadable: number | null, move: (aside: string) => void): void {
    const file = this.#setAside.put(path, move);
    this.#note({ kind: 'set-aside', file, unreadable });
  }
}

function least(numbers: readonly number[]): number | null {
  return numbers.length === 0 ? null : Math.min(...numbers);
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** SQLITE_FULL, or the file system's own word for it. */
function isNoSpace(error: unknown): boolean {
  const { errcode, code } = error as { readonly errcode?: number; readonly code?: string };
  return errcode === 13 || code === 'ENOSPC';
}
