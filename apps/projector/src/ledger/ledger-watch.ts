import type pg from 'pg';
import { pause } from '#kafka';
import type { Logger } from '#runtime';
import type { BackgroundJob } from '../background-jobs.js';
import { aloneUntilStopped } from '../store/alone-until-stopped.js';
import { markComplete, readOpen } from './balance.js';
import type { Reckoner, Reckoning } from './reckoning.js';

/** What watching for missing receipts needs. */
export interface LedgerWatchOptions {
  readonly connection: pg.ClientConfig;
  readonly reckoner: Reckoner;
  /** Full name of the topic of raw receipts. */
  readonly rawTopic: string;
  /** How many receipts are missing; at most as many as some thousand blocks hold. */
  readonly onMissing: (receipts: number) => void;
  /** How long ago it was last known what is missing; 0 where another process looks. Seconds. */
  readonly onBehind: (seconds: number) => void;
  readonly logger: Pick<Logger, 'warn' | 'error'>;
}

/** From one look to the next, ms. */
const LOOK_EVERY = 5_000;
/** Another process watches, or the database is away: ask again after this, ms. */
const ASK_AGAIN = 10_000;
/** Blocks, sources and hours with missing receipts that are told of. */
const MOST_ROWS = 1_000;
/** Positions that one line of the log names. */
const NAMED = 20;

/**
 * Looks for receipts that the normaliser is past, and that have nonetheless come to no end. Of several projectors one does
 * it. Where looking fails, what was last known to be missing still is, and gets older.
 */
export class LedgerWatch implements BackgroundJob {
  readonly #options: LedgerWatchOptions;
  /** What is known to be missing, as the log has it. */
  #told = '';
  /** `performance.now()` when it was last known what is missing, or that another process looks. */
  #known = performance.now();

  constructor(options: LedgerWatchOptions) {
    this.#options = options;
  }

  async run(signal: AbortSignal): Promise<void> {
    const { connection, onMissing, onBehind, logger } = this.#options;
    await aloneUntilStopped(
      {
        connection,
        lock: 'quittance ledger',
        work: (client) => this.#watch(client, signal),
        askAgain: ASK_AGAIN,
        // The other says it.
        onElsewhere: () => {
          this.#known = performance.now();
          onMissing(0);
          onBehind(0);
        },
        onInterrupted: (reason) => {
          logger.warn({ reason }, 'ledger.watch-interrupted');
          this.#tellBehind();
        },
      },
      signal,
    );
  }

  async #watch(client: pg.Client, signal: AbortSignal): Promise<void> {
    const { reckoner } = this.#options;
    let taken = 0;
    let reckoning: Reckoning | null = null;
    while (!signal.aborted) {
      if (reckoning === null) {
        taken = performance.now();
        reckoning = await reckoner.take();
      }
      if ((await reckoner.awaits(reckoning)) === null) {
        await this.#tellMissing(client, reckoning, signal);
        this.#known = taken;
        reckoning = null;
      }
      this.#tellBehind();
      await pause(LOOK_EVERY, signal);
    }
  }

  #tellBehind(): void {
    this.#options.onBehind((performance.now() - this.#known) / 1_000);
  }

  async #tellMissing(client: pg.Client, reckoning: Reckoning, signal: AbortSignal): Promise<void> {
    const { rawTopic, onMissing, logger } = this.#options;
    await markComplete(client, rawTopic, signal);
    const open = await readOpen(client, reckoning, { range: null, source: null }, MOST_ROWS);
    const positions = open.flatMap(({ partition, offsets }) => offsets.map((at) => `${rawTopic}/${partition}/${at}`));
    onMissing(positions.length);
    const told = positions.slice(0, NAMED).join(' ');
    if (told !== this.#told && told !== '') {
      logger.error({ receipts: positions.length, positions: positions.slice(0, NAMED) }, 'ledger.receipts-missing');
    }
    this.#told = told;
  }
}
