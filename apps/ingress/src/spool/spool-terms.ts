/** What a spool takes, gives and says, to whoever uses it from another thread as well. */

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
  /** Names of the folders that this process holds, */
  readonly folders: readonly string[];
  /** and of those that it has emptied. They stay until `forget`, whatever happens to this process: each has been told of. */
  readonly emptied: readonly string[];
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
  /** A folder that cannot be had now, or a file in one. */
  | { readonly kind: 'not-adopted'; readonly name: string; readonly reason: string }
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
