import type pg from 'pg';
import { pause } from '#kafka';
import type { Logger } from '#runtime';
import { query } from '../store/query.js';
import { whileAlone } from '../store/while-alone.js';
import { forgetGone } from './forget-gone.js';
import { indexDeadLetters, type IndexParts } from './index-dead-letters.js';

/** What keeping account of dead letters needs. */
export interface DeadLetterJobOptions extends Omit<IndexParts, 'client'> {
  readonly connection: pg.ClientConfig;
  /** How many are open, by code; null: this process does not know. */
  readonly onOpen: (open: ReadonlyMap<string, number> | null) => void;
  readonly logger: Pick<Logger, 'info' | 'warn'>;
  /** From one look to the next, ms. */
  readonly interval?: number;
}

/** Soon enough for an alert; a look costs two requests to Kafka and three short statements. ms */
const INTERVAL = 5_000;
/** Rows whose records are gone are looked for once in so many looks: it means to read them all. */
const LOOKS_PER_CLEANING = 720;

const OPEN = `SELECT code, count(*)::integer AS letters FROM dead_letter
  WHERE state = 'open' AND topic_id = $1 GROUP BY code`;

/**
 * Keeps account of the dead letters, for as long as the process lives: enters new ones, counts the open ones, forgets
 * those that have left the topic. Of several projectors one does it: the one whose session holds the lock. Nothing else
 * waits for it: where it fails, it is tried again, and what the topic holds is not lost meanwhile.
 */
export class DeadLetterJob {
  readonly #options: DeadLetterJobOptions;
  readonly #stopping = new AbortController();
  #done: Promise<void> = Promise.resolve();

  constructor(options: DeadLetterJobOptions) {
    this.#options = options;
  }

  /** Begins, in the background. */
  start(): void {
    this.#done = this.#run();
  }

  /** Ends after the batch in hand. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#done;
  }

  async #run(): Promise<void> {
    const { signal } = this.#stopping;
    const { connection, interval = INTERVAL, logger, onOpen } = this.#options;
    while (!signal.aborted) {
      try {
        await whileAlone(connection, 'quittance dead letters', (client) => this.#lookUntilStopped(client));
      } catch (error) {
        const reason = error instanceof Error ? error.message : 'unknown error';
        logger.warn({ reason }, 'dead-letters.interrupted');
      }
      // Another process knows better from now on, or nobody does.
      onOpen(null);
      await pause(interval, signal);
    }
  }

  async #lookUntilStopped(client: pg.Client): Promise<void> {
    const { signal } = this.#stopping;
    const { interval = INTERVAL, logger, onOpen, ...parts } = this.#options;
    for (let look = 0; !signal.aborted; look++) {
      let entered = 0;
      const topic = await indexDeadLetters({ ...parts, client }, signal, (letters) => (entered = letters));
      if (entered > 0) logger.info({ letters: entered }, 'dead-letters.entered');
      if (look % LOOKS_PER_CLEANING === 0) {
        const letters = await forgetGone(client, topic, signal);
        if (letters > 0) logger.info({ letters }, 'dead-letters.forgotten');
      }
      const { rows } = await query<{ code: string; letters: number }>(client, {
        text: OPEN,
        values: [topic.topicId],
      });
      onOpen(new Map(rows.map(({ code, letters }) => [code, letters])));
      await pause(interval, signal);
    }
  }
}
