import { watch, type FSWatcher } from 'node:fs';
import { stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** How often files are looked at without any sign of a change, ms: network volumes and some bind mounts give none. */
const LOOK_EVERY = 10_000;
/** Files that have not changed for so long, ms, are taken for complete: an editor may write in several steps. */
const STILL_FOR = 200;

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
    let known = '';
    while (!this.#isStopping()) {
      this.#watchFolders();
      const seen = await stampOf(this.files());
      if (seen !== known && (await this.#isAtRest(seen))) {
        known = seen;
        this.onChange();
      }
      await this.#nextSign();
    }
  }

  /** Whether nothing has changed for a while. If something has, it is looked at again at once. */
  async #isAtRest(seen: string): Promise<boolean> {
    await this.#pause();
    const isAtRest = !this.#isStopping() && (await stampOf(this.files())) === seen;
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

/** What a change of any of the files changes: which file it is, its size and when it was last touched. */
async function stampOf(files: Iterable<string>): Promise<string> {
  const stamps = [...files].map(async (path) => {
    const found = await stat(path, { bigint: true }).catch(
      (error: unknown) => (error as NodeJS.ErrnoException).code ?? 'unknown',
    );
    if (typeof found === 'string') return [path, found];
    const { dev, ino, size, mtimeNs, ctimeNs } = found;
    return [path, ...[dev, ino, size, mtimeNs, ctimeNs].map(String)];
  });
  return JSON.stringify(await Promise.all(stamps));
}

function nothing(): void {
  // There is nobody to wake, and a pause that is called off is over.
}
