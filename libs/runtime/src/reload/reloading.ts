import type { BeforeApplicationShutdown, OnApplicationBootstrap } from '@nestjs/common';
import type { Registry } from 'prom-client';
import { describeError, type Logger } from '../logging.js';
import { ConfigurationError, StartError } from '../mistakes.js';
import { FileWatch, type WatchTimes } from './file-watch.js';
import { ReloadMetrics, type ReloadedThing } from './reload-metrics.js';

/** Something that is made from files and can be exchanged while the process runs. */
export interface Reloadable {
  /** Paths of the files, those that are missing included. */
  readonly files: Iterable<string>;
  /**
   * Reads the files and takes over what they say, as a whole.
   * @returns what became different, for the log; null: nothing
   * @throws StartError, or whatever it may be: nothing was taken over
   */
  reload(): Readonly<Record<string, unknown>> | null;
}

/** What reloading reports to. */
export interface ReloadingParts {
  readonly logger: Logger;
  readonly registry: Registry;
  readonly times?: WatchTimes;
}

/**
 * Reads something anew when its files have changed, or on SIGHUP. What cannot be used is refused as a whole, and what
 * there was stays: a log line lists every mistake, and the metrics say so until the files are good again.
 */
export class Reloading implements OnApplicationBootstrap, BeforeApplicationShutdown {
  readonly #watch: FileWatch;
  readonly #metrics: ReloadMetrics;
  readonly #logger: Logger;
  #isStopping = false;

  constructor(
    private readonly thing: ReloadedThing,
    private readonly reloadable: Reloadable,
    { logger, registry, times }: ReloadingParts,
  ) {
    this.#logger = logger;
    this.#metrics = new ReloadMetrics(thing, registry);
    const onChange = (): void => {
      this.reload();
    };
    this.#watch = new FileWatch(() => reloadable.files, onChange, times);
  }

  onApplicationBootstrap(): void {
    this.#watch.start();
    // Stays when the process stops: without it the signal would end what is to end in order.
    process.on('SIGHUP', () => {
      this.reload();
    });
  }

  /** Whatever the files say from now on is for the next process. */
  beforeApplicationShutdown(): void {
    this.#isStopping = true;
    this.#watch.stop();
  }

  /** Reads the files now. Never throws. */
  reload(): void {
    if (this.#isStopping) return;
    try {
      const changes = this.reloadable.reload();
      this.#metrics.reloaded(changes === null ? 'unchanged' : 'applied');
      if (changes !== null) this.#logger.info(changes, `${this.thing}.reloaded`);
    } catch (error) {
      this.#metrics.reloaded('refused');
      this.#logger.error(mistakesIn(error), `${this.thing}.refused`);
    }
  }
}

function mistakesIn(error: unknown): Readonly<Record<string, unknown>> {
  if (error instanceof ConfigurationError) return { mistakes: error.mistakes };
  return error instanceof StartError ? { reason: error.message } : { err: describeError(error) };
}
