import { isDeepStrictEqual } from 'node:util';
import type { Configuration, ProviderCatalogue } from '../configuration/configuration.js';
import { loadConfiguration, type LoadOptions } from '../configuration/load.js';
import { ConfigurationError, type Mistake } from '../mistakes.js';
import type { Reloadable } from './reloading.js';

/** Prepares for another configuration; what it returns takes it over, and must not fail. */
export type Prepare = (next: Configuration) => () => void;

/**
 * What stays as it was when the process started. Keys and ids derive from the first two: half of a batch would be told
 * apart from the other half. Whom to believe who called is part of how the public door is built.
 */
const NEEDS_RESTART = ['identityNamespace', 'installation', 'trustedProxies'] as const;

/**
 * The configuration as its files say it now. It is exchanged as a whole: who looks twice may see two of them, so whoever
 * needs one throughout keeps the one that he began with.
 */
export class LiveConfiguration implements Reloadable {
  readonly #read: (onFile: (path: string) => void) => Configuration;
  readonly #prepares: Prepare[] = [];
  #files: ReadonlySet<string>;
  #current: Configuration;

  /**
   * Reads the configuration for the first time. The parameters are those of `loadConfiguration`.
   * @throws ConfigurationError
   */
  constructor(
    private readonly path: string,
    env: Readonly<Record<string, string | undefined>>,
    catalogue: ProviderCatalogue,
    options: Pick<LoadOptions, 'secrets'> = {},
  ) {
    this.#read = (onFile) => loadConfiguration(path, env, catalogue, { ...options, onFile });
    const files = new Set<string>();
    this.#current = this.#read((file) => files.add(file));
    this.#files = files;
  }

  get current(): Configuration {
    return this.#current;
  }

  /** Everything that was read the last time. */
  get files(): Iterable<string> {
    return this.#files;
  }

  /** From now on `prepare` is called with every configuration that is about to replace the current one. */
  onChange(prepare: Prepare): void {
    this.#prepares.push(prepare);
  }

  /**
   * Reads the files anew. All who asked for it prepare before the first of them takes over, so that it is all or nothing.
   * @returns ids of the sources that came, went or are different, and names of such accounts; null: nothing is different
   * @throws ConfigurationError with every mistake
   */
  reload(): Readonly<Record<string, unknown>> | null {
    const files = new Set<string>();
    let next: Configuration;
    try {
      next = this.#read((file) => files.add(file));
    } catch (error) {
      // What could not be read to its end may refer to more: whichever of them is mended, it is worth another look.
      this.#files = new Set([...files, ...this.#files]);
      throw error;
    }
    this.#files = files;
    if (isDeepStrictEqual(next, this.#current)) return null;
    const fixed = NEEDS_RESTART.filter((name) => !isDeepStrictEqual(next[name], this.#current[name]));
    if (fixed.length > 0) throw new ConfigurationError(this.path, fixed.map(restartAdvice));

    const changes = changesOf(this.#current, next);
    const takeOvers = this.#prepares.map((prepare) => prepare(next));
    this.#current = next;
    for (const takeOver of takeOvers) takeOver();
    return changes;
  }
}

function restartAdvice(path: string): Mistake {
  return { path, message: 'cannot change while the process runs: take it back, or restart all processes with it' };
}

/** Names only: what stands behind them may be secret. */
function changesOf(before: Configuration, next: Configuration): Readonly<Record<string, readonly string[]>> {
  const differs = <T>(one: ReadonlyMap<string, T>, other: ReadonlyMap<string, T>, id: string): boolean =>
    !isDeepStrictEqual(one.get(id), other.get(id));
  const ids = [...next.sources.keys()];
  const names = new Set([...before.accounts.keys(), ...next.accounts.keys()]);
  return {
    added: ids.filter((id) => !before.sources.has(id)),
    removed: [...before.sources.keys()].filter((id) => !next.sources.has(id)),
    changed: ids.filter((id) => before.sources.has(id) && differs(before.sources, next.sources, id)),
    accounts: [...names].filter((name) => differs(before.accounts, next.accounts, name)),
  };
}
