import type pg from 'pg';
import { pause } from '#kafka';
import type { Logger } from '#runtime';
import type { BackgroundJob } from '../background-jobs.js';
import { query } from '../store/query.js';
import { aloneUntilStopped } from '../store/alone-until-stopped.js';
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
 * Keeps account of the dead letters: enters new ones, counts the open ones, forgets those that have left the topic. Of
 * several projectors one does it. Nothing else waits for it: while it fails, what the topic holds is not lost.
 */
export class DeadLetterJob implements BackgroundJob {
  readonly #options: DeadLetterJobOptions;

  constructor(options: DeadLetterJobOptions) {
    this.#options = options;
  }

  /** Ends after the batch in hand. */
  async run(signal: AbortSignal): Promise<void> {
    const { connection, interval = INTERVAL, logger, onOpen } = this.#options;
    await aloneUntilStopped(
      {
        connection,
        lock: 'quittance dead letters',
        work: (client) => this.#look(client, signal),
        askAgain: interval,
        onElsewhere: () => {
          onOpen(null);
        },
        onInterrupted: (reason) => {
          logger.warn({ reason }, 'dead-letters.interrupted');
          onOpen(null);
        },
      },
      signal,
    );
  }

  async #look(client: pg.Client, signal: AbortSignal): Promise<void> {
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
