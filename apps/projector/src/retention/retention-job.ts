import type pg from 'pg';
import { pause } from '#kafka';
import type { Environment, Logger } from '#runtime';
import type { BackgroundJob } from '../background-jobs.js';
import { query } from '../store/query.js';
import { aloneUntilStopped } from '../store/alone-until-stopped.js';
import { deleteOldRows, STEP, type RetainedTable, type StepBounds } from './delete-old-rows.js';

/** What keeping to the retention needs. */
export interface RetentionOptions {
  readonly connection: pg.ClientConfig;
  readonly retention: Environment['retention'];
  /** While it says no, nothing is deleted. */
  readonly isWell: () => boolean;
  readonly onDeleted: (table: RetainedTable, rows: number) => void;
  readonly logger: Pick<Logger, 'debug' | 'info' | 'warn'>;
  readonly step?: StepBounds;
}

/** From the end of one round through all tables to the beginning of the next, ms. */
const REST = 6 * 60 * 60 * 1000;
/** Another process keeps to the retention, or the database is away: ask again after this, ms. */
const ASK_AGAIN = 10_000;
/** Something is not well: look again after this, ms. */
const LOOK_AGAIN = 1_000;
/** After each step a rest of so many times what the step took, so that it never takes more than a fifth of a session. */
const RESTS_PER_STEP = 4;
/** ms */
const SHORTEST_REST = 10;

/** Deletes rows whose retention is over, in small steps with rests between them. Of several projectors one does it. */
export class RetentionJob implements BackgroundJob {
  readonly #options: RetentionOptions;

  constructor(options: RetentionOptions) {
    this.#options = options;
  }

  /** Ends after the step in hand. */
  async run(signal: AbortSignal): Promise<void> {
    const { connection, logger } = this.#options;
    if (this.#periods().length === 0) return;
    await aloneUntilStopped(
      {
        connection,
        lock: 'quittance retention',
        work: (client) => this.#delete(client, signal),
        askAgain: ASK_AGAIN,
        onInterrupted: (reason) => {
          logger.warn({ reason }, 'retention.interrupted');
        },
      },
      signal,
    );
  }

  async #delete(client: pg.Client, signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      await this.#round(client, signal);
      await pause(REST, signal);
    }
  }

  async #round(client: pg.Client, signal: AbortSignal): Promise<void> {
    const { onDeleted, logger, step = STEP } = this.#options;
    for (const [table, period] of this.#periods()) {
      if (!(await this.#untilWell(signal))) return;
      const { rows } = await query<{ before: Date }>(client, {
        // The database's clock: it has also written the times.
        text: 'SELECT now() - make_interval(secs => $1::double precision / 1000) AS before',
        values: [period],
      });
      const { before } = rows[0]!;
      let sum = 0;
      let began = performance.now();
      await deleteOldRows(
        client,
        table,
        before,
        async (deleted) => {
          sum += deleted;
          if (deleted > 0) onDeleted(table, deleted);
          await pause(Math.max(SHORTEST_REST, RESTS_PER_STEP * (performance.now() - began)), signal);
          const goOn = await this.#untilWell(signal);
          began = performance.now();
          return goOn;
        },
        step,
      );
      if (sum > 0) logger.info({ table, rows: sum, before: before.toISOString() }, 'retention.rows-deleted');
    }
  }

  /** True once everything is well; false when the process stops first. */
  async #untilWell(signal: AbortSignal): Promise<boolean> {
    while (!signal.aborted && !this.#options.isWell()) await pause(LOOK_AGAIN, signal);
    return !signal.aborted;
  }

  #periods(): (readonly [RetainedTable, number])[] {
    const { messages, mobileOriginated, reviews, accounts, ledger } = this.#options.retention;
    const periods: (readonly [RetainedTable, number])[] = [
      ['message', messages],
      ['mobile_originated', mobileOriginated],
      ['review', reviews],
      ['account_status', accounts],
      ['ledger_receipts', ledger],
      ['ledger_block', ledger],
      ['ledger_accepted', ledger],
    ];
    return periods.filter(([, period]) => period !== Infinity);
  }
}
