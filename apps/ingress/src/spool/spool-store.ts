import { mkdirSync, readdirSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { moveSegment, removeSegment, Segment } from './segment.js';
import { SpoolFolder } from './spool-folder.js';
import type { StoredReceipt } from './stored-receipt.js';

/** What a spool is made from. */
export interface SpoolSettings {
  /** Folder of the installation's spools; it may be shared by several processes. */
  readonly directory: string;
  /** Bytes that the segments of this process may take on the disk. */
  readonly maxBytes: number;
  /** A segment that has grown so large is closed and a new one begun. */
  readonly segmentBytes: number;
}

/** What the spool holds, and how it does. */
export interface SpoolStatus {
  readonly receipts: number;
  /** On the disk; whole files. */
  readonly bytes: number;
  /** When the oldest receipt was received, Unix ms; null: there is none. */
  readonly oldest: number | null;
  /** Names of the folders that this process holds. */
  readonly folders: readonly string[];
  /** Folders taken over from processes that have ended, since the start. */
  readonly adopted: number;
  /** Files that wait for somebody to look at them. */
  readonly setAside: number;
  /** Receipts that could not be read, since the start. */
  readonly unreadable: number;
  /** Why nothing can be taken in now; null: it can. */
  readonly problem: SpoolProblem | null;
}

/** Why the spool takes nothing: it is as large as it may be, its disk refuses, or too much waits for its disk. */
export type SpoolProblem = 'full' | 'failing' | 'busy';

/** What happened that somebody should hear of. */
export type SpoolNote =
  | { readonly kind: 'adopted'; readonly folder: string; readonly segments: number }
  | { readonly kind: 'failed'; readonly reason: string }
  | { readonly kind: 'set-aside'; readonly file: string; readonly unreadable: number | null };

/** Receipts to drain. */
export interface DrainBatch {
  readonly receipts: readonly Uint8Array[];
  /** What to call `drained` with once Kafka has them. */
  readonly segment: string;
  readonly upTo: number;
}

/** The spool takes nothing now. */
export class SpoolRefusal extends Error {
  override readonly name = 'SpoolRefusal';

  constructor(readonly problem: SpoolProblem) {
    super(`the spool takes nothing: ${problem}`);
  }
}

/** Where files lie that are damaged, or hold what Kafka refused. */
export const SET_ASIDE = 'set-aside';
/** After its disk has failed it is left alone for so long, ms. */
const REST = 1_000;

/**
 * The spool of one process: segments in its own folder, and in those of processes that have ended, drained from the
 * oldest on. Appended to is only a segment that this very process has made and that has never failed. Synchronous.
 */
export class SpoolStore {
  readonly #settings: SpoolSettings;
  readonly #note: (note: SpoolNote) => void;
  readonly #folders: SpoolFolder[] = [];
  /** Oldest first. */
  #segments: Segment[] = [];
  #current: Segment | null = null;
  /** Segments that hold something which Kafka refused. */
  readonly #kept = new Set<Segment>();
  #sequence = 0;
  #adopted = 0;
  #unreadable = 0;
  #failedAt = -Infinity;
  #setAside = 0;

  private constructor(settings: SpoolSettings, note: (note: SpoolNote) => void) {
    this.#settings = settings;
    this.#note = note;
  }

  /**
   * Opens it, and takes over what processes left that have ended. A disk that is full is no obstacle: what lies there must
   * be drained.
   * @throws Error if the folder cannot be written
   */
  static open(settings: SpoolSettings, note: (note: SpoolNote) => void): SpoolStore {
    const store = new SpoolStore(settings, note);
    mkdirSync(join(settings.directory, SET_ASIDE), { recursive: true });
    store.adopt();
    if (store.#folders.length === 0) store.#folders.push(SpoolFolder.create(settings.directory));
    try {
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
      oldest: segments.find(({ oldest }) => oldest !== null)?.oldest ?? null,
      folders: this.#folders.map(({ name }) => name),
      adopted: this.#adopted,
      setAside: this.#setAside,
      unreadable: this.#unreadable,
      problem: this.#problem(0),
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
    if (this.#current.bytes >= this.#settings.segmentBytes) this.#current = null;
  }

  /** The oldest receipts; null: there are none. */
  read(maxRecords: number, maxBytes: number): DrainBatch | null {
    for (const segment of [...this.#segments]) {
      while (segment.receipts > 0) {
        const before = segment.unreadable;
        const { receipts, upTo } = segment.read(maxRecords, maxBytes);
        this.#unreadable += segment.unreadable - before;
        // Nothing more is written to a file that is being emptied, least of all to a damaged one.
        if (segment === this.#current) this.#current = null;
        if (receipts.length > 0) return { receipts, segment: segment.path, upTo };
        segment.advance(upTo);
      }
      if (segment !== this.#current) this.#end(segment);
    }
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

  /** Takes over what processes left that have ended. */
  adopt(): void {
    // Somebody may have looked at them, and removed them.
    this.#countSetAside();
    for (const folder of SpoolFolder.adoptAll(this.#settings.directory)) {
      this.#folders.push(folder);
      const paths = folder.segments();
      for (const path of paths) this.#open(path);
      this.#adopted += 1;
      this.#note({ kind: 'adopted', folder: folder.name, segments: paths.length });
    }
    this.#segments.sort((a, b) => (basename(a.path) < basename(b.path) ? -1 : 1));
    this.#leaveEmptyFolders(1);
  }

  /** Leaves what is not drained to whoever comes next; what is empty is removed. */
  close(): void {
    for (const segment of this.#segments) {
      if (segment.receipts > 0) segment.close();
      else this.#end(segment);
    }
    this.#segments = [];
    this.#leaveEmptyFolders(0);
    for (const folder of this.#folders.splice(0)) folder.release();
  }

  get #bytes(): number {
    return this.#segments.reduce((sum, { bytes }) => sum + bytes, 0);
  }

  /** @param more bytes that are to be appended */
  #problem(more: number): SpoolProblem | null {
    if (performance.now() - this.#failedAt < REST) return 'failing';
    return this.#bytes + more > this.#settings.maxBytes ? 'full' : null;
  }

  #begin(): Segment {
    const [own] = this.#folders;
    if (own === undefined) throw new Error('the spool has no folder');
    const segment = Segment.create(own.newSegment(++this.#sequence));
    this.#segments.push(segment);
    return segment;
  }

  /** After a sync that failed nobody knows what of a file is on the disk: it is drained, and never written again. */
  #fail(error: unknown): void {
    this.#failedAt = performance.now();
    this.#current = null;
    this.#note({ kind: 'failed', reason: error instanceof Error ? error.message : String(error) });
  }

  #open(path: string): void {
    try {
      this.#segments.push(Segment.open(path));
    } catch {
      // Its process ended before the file was anything: nothing in it can have been acknowledged.
      if (statSync(path).size === 0) {
        removeSegment(path);
        return;
      }
      moveSegment(path, this.#asidePath(path));
      this.#putAside(path, null);
    }
  }

  /** It is empty: removed, unless something in it has not reached Kafka. */
  #end(segment: Segment): void {
    this.#segments = this.#segments.filter((one) => one !== segment);
    if (segment.unreadable === 0 && !this.#kept.has(segment)) segment.remove();
    else {
      segment.moveTo(this.#asidePath(segment.path));
      this.#putAside(segment.path, segment.unreadable);
    }
    this.#leaveEmptyFolders(1);
  }

  /** @param keep the first folders stay: new segments go into the first of all */
  #leaveEmptyFolders(keep: number): void {
    for (const folder of this.#folders.slice(keep)) {
      if (folder.segments().length > 0) continue;
      this.#folders.splice(this.#folders.indexOf(folder), 1);
      folder.remove();
    }
  }

  #asidePath(path: string): string {
    return join(this.#settings.directory, SET_ASIDE, basename(path));
  }

  #putAside(path: string, unreadable: number | null): void {
    this.#setAside += 1;
    this.#note({ kind: 'set-aside', file: basename(path), unreadable });
  }

  #countSetAside(): void {
    const names = readdirSync(join(this.#settings.directory, SET_ASIDE));
    this.#setAside = names.filter((name) => name.endsWith('.sqlite')).length;
  }
}

/** SQLITE_FULL, or the file system's own word for it. */
function isNoSpace(error: unknown): boolean {
  const { errcode, code } = error as { readonly errcode?: number; readonly code?: string };
  return errcode === 13 || code === 'ENOSPC';
}
