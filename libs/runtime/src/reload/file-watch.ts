import { watch, type FSWatcher } from 'node:fs';
import { stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** How often files are looked at without any sign of a change, ms: network volumes and some bind mounts give none. */
const LOOK_EVERY = 10_000;
/** Files that have not changed for so long, ms, are taken for complete: an editor may write in several steps. */
const STILL_FOR = 200;
/** The clock of a file system may be another host's, or coarse: ms. */
const CLOCK_SKEW = 1_000;

/** How a watch looks; for tests. */
export interface WatchTimes {
  readonly lookEvery?: number;
  readonly stillFor?: number;
}

/**
 * Notices that files have changed, by two ways of which either would do: the signs that the system gives for their
 * folders, and a look at each file every ten seconds. Folders, because a file that is replaced takes its watch with it:
 * editors rename a new file into place, and Kubernetes exchanges the link `..data`, beside which the files are links of
 * their own that nobody touches. For the same reason a file is looked at through its links: what they lead to is another
 * file then.
 */
export class FileWatch {
  readonly #lookEvery: number;
  readonly #stillFor: number;
  readonly #stopping = new AbortController();
  readonly #folders = new Map<string, FSWatcher>();
  #mayHaveChanged = false;
  #wake: () => void = nothing;

  /**
   * @param files paths of them, there or not; asked before every look, since they may become others
   * @param onChange called with all of them at rest. Called once soon after `start` too: nobody watched before
   */
  constructor(
    private readonly files: () => Iterable<string>,
    private readonly onChange: () => void,
    { lookEvery = LOOK_EVERY, stillFor = STILL_FOR }: WatchTimes = {},
  ) {
    this.#lookEvery = lookEvery;
    this.#stillFor = stillFor;
  }

  start(): void {
    void this.#watch();
  }

  stop(): void {
    this.#stopping.abort();
    this.#wake();
    for (const folder of this.#folders.values()) folder.close();
    this.#folders.clear();
  }

  /** A function, because what it says changes while others are waited for. */
  #isStopping(): boolean {
    return this.#stopping.signal.aborted;
  }

  async #watch(): Promise<void> {
    let known: Stamps = new Map();
    while (!this.#isStopping()) {
      this.#watchFolders();
      const seen = await stampsOf(this.files());
      if (differs(seen, known) && (await this.#isAtRest(seen))) {
        const began = Date.now();
        this.onChange();
        known = await this.#knownAfter(seen, began);
      }
      await this.#nextSign();
    }
  }

  /**
   * What is known of the files that count after `onChange`. It may have read some that did not count before it, and they
   * are no change; unless they have changed since.
   */
  async #knownAfter(seen: Stamps, began: number): Promise<Stamps> {
    this.#watchFolders();
    const now = await stampsOf(this.files());
    return new Map(
      [...now].map(([path, stamp]) => [path, seen.get(path) ?? (isBefore(stamp, began) ? stamp : UNKNOWN)]),
    );
  }

  /** Whether nothing has changed for a while. If something has, it is looked at again at once. */
  async #isAtRest(seen: Stamps): Promise<boolean> {
    await this.#pause();
    const isAtRest = !this.#isStopping() && !differs(await stampsOf(this.files()), seen);
    this.#mayHaveChanged ||= !isAtRest;
    return isAtRest && !this.#isStopping();
  }

  /** Of many signs at once, in a folder in which others write too, one look comes. */
  async #nextSign(): Promise<void> {
    if (!this.#mayHaveChanged && !this.#isStopping()) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, this.#lookEvery).unref();
        this.#wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
      this.#wake = nothing;
    }
    await this.#pause();
    this.#mayHaveChanged = false;
  }

  async #pause(): Promise<void> {
    await sleep(this.#stillFor, undefined, { signal: this.#stopping.signal, ref: false }).catch(nothing);
  }

  #watchFolders(): void {
    const wanted = new Set([...this.files()].map((file) => dirname(file)));
    for (const [path, folder] of this.#folders) {
      if (wanted.has(path)) continue;
      folder.close();
      this.#folders.delete(path);
    }
    for (const path of wanted) if (!this.#folders.has(path)) this.#watchFolder(path);
  }

  #watchFolder(path: string): void {
    const forget = (): void => {
      this.#folders.delete(path);
    };
    try {
      const folder = watch(path, { persistent: false }, () => {
        this.#mayHaveChanged = true;
        this.#wake();
      });
      folder.on('error', () => {
        folder.close();
        forget();
      });
      this.#folders.set(path, folder);
    } catch {
      // It is not there, or the system has no watches left: there are still the looks.
      forget();
    }
  }
}

/** What a change of a file changes: which file it is, its size and when it was last touched; or why there is none. */
interface Stamp {
  readonly text: string;
  /** When it was last touched, by the clock of whoever keeps it, Unix ms; null: it is not there. */
  readonly touchedAt: number | null;
}

/** By path. */
type Stamps = ReadonlyMap<string, Stamp>;

/** No file has it. */
const UNKNOWN: Stamp = { text: '', touchedAt: null };

async function stampsOf(files: Iterable<string>): Promise<Stamps> {
  return new Map(await Promise.all([...files].map(async (path) => [path, await stampOf(path)] as const)));
}

async function stampOf(path: string): Promise<Stamp> {
  try {
    const { dev, ino, size, mtimeNs, ctimeNs, ctimeMs } = await stat(path, { bigint: true });
    return { text: [dev, ino, size, mtimeNs, ctimeNs].join(), touchedAt: Number(ctimeMs) };
  } catch (error) {
    return { text: (error as NodeJS.ErrnoException).code ?? 'unknown', touchedAt: null };
  }
}

function differs(one: Stamps, other: Stamps): boolean {
  return one.size !== other.size || [...one].some(([path, { text }]) => other.get(path)?.text !== text);
}

function isBefore({ touchedAt }: Stamp, time: number): boolean {
  return touchedAt === null || touchedAt < time - CLOCK_SKEW;
}

function nothing(): void {
  // There is nobody to wake, and a pause that is called off is over.
}
