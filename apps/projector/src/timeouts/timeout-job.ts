import type pg from 'pg';
import { pause, type OutgoingRecord } from '#kafka';
import type { Logger } from '#runtime';
import type { Tracing } from '#tracing';
import type { BackgroundJob } from '../background-jobs.js';
import { aloneUntilStopped } from '../store/alone-until-stopped.js';
import { earliestDue, publishExpired } from './publish-expired.js';
import { SettledTime, type PipelineOffsets } from './settled-time.js';

/** What telling of reports that never came needs. */
export interface TimeoutOptions {
  readonly connection: pg.ClientConfig;
  /** From one look to the next, ms; Infinity: never. */
  readonly interval: number;
  readonly offsets: PipelineOffsets;
  /** First segment of the source of our events. */
  readonly installation: (signal: AbortSignal) => Promise<string>;
  /** Durable when it resolves. */
  readonly publishAll: (records: readonly OutgoingRecord[]) => Promise<void>;
  readonly onExpired: (messages: number) => void;
  /** How long messages whose time is over have had to wait, because receipts do or telling fails; 0: not at all. Seconds. */
  readonly onHeldBack: (seconds: number) => void;
  readonly logger: Pick<Logger, 'info' | 'warn'>;
  /** Null: nothing is traced. */
  readonly tracing: Tracing | null;
}

/** Messages told of at once. */
const BATCH = 500;
/** Batches after which it is asked again how far everything is. */
const BATCHES_PER_LOOK = 20;
/** Another process does it, or the database is away: ask again after this, ms. */
const ASK_AGAIN = 10_000;
/** Rows that somebody holds are passed over; a table that is being changed is waited for, but not for long. ms */
const LOCK_TIMEOUT = 2_000;
/** While messages have to wait, it is asked at least so often whether they still do, ms. */
const LOOK_AGAIN = 5_000;
/** Under load some wait for a look or two; only longer waits are worth a line in the log: times the interval. */
const PATIENCE = 4;
/** At most one line in so many ms says that messages have to wait. */
const COMPLAIN_EVERY = 60_000;

/** What a look came to: nothing to do, more to tell at once, or messages that have to wait. */
type Looked = 'done' | 'more' | 'held-back';

/** Tells the events topic of messages of which no final report came in time. Of several projectors one does it. */
export class TimeoutJob implements BackgroundJob {
  readonly #options: TimeoutOptions;
  #installation: string | null = null;
  /** Since when a message has been due that this job has not told of, Unix ms. Null: none, or another process tells. */
  #due: number | null = null;
  #complained = -Infinity;

  constructor(options: TimeoutOptions) {
    this.#options = options;
  }

  /** Ends after the batch in hand. */
  async run(signal: AbortSignal): Promise<void> {
    const { connection, interval, logger, onHeldBack } = this.#options;
    if (interval === Infinity) return;
    await aloneUntilStopped(
      {
        connection: { ...connection, lock_timeout: LOCK_TIMEOUT },
        lock: 'quittance timeouts',
        work: (client) => this.#lookUntilStopped(client, signal),
        askAgain: Math.min(ASK_AGAIN, interval),
        onElsewhere: () => {
          this.#due = null;
          onHeldBack(0);
        },
        onInterrupted: (reason) => {
          logger.warn({ reason }, 'timeouts.interrupted');
          if (this.#due !== null) onHeldBack(Math.max(0, Date.now() - this.#due) / 1000);
        },
      },
      signal,
    );
  }

  async #lookUntilStopped(client: pg.Client, signal: AbortSignal): Promise<void> {
    const { interval, offsets } = this.#options;
    const settled = new SettledTime(offsets);
    while (!signal.aborted) {
      const looked = await this.#look(client, settled, signal);
      if (looked === 'more') continue;
      await pause(looked === 'done' ? interval : Math.min(interval, LOOK_AGAIN), signal);
    }
  }

  async #look(client: pg.Client, settledTime: SettledTime, signal: AbortSignal): Promise<Looked> {
    const began = Date.now();
    const due = await earliestDue(client);
    this.#due = due?.getTime() ?? null;
    if (due === null || due.getTime() > began) {
      this.#options.onHeldBack(0);
      return 'done';
    }
    const settled = await settledTime.look();
    if (settled === null || settled < due.getTime()) {
      this.#holdBack(began - due.getTime());
      return 'held-back';
    }
    const looked = await this.#tell(client, new Date(settled), signal);
    this.#due = null;
    this.#options.onHeldBack(0);
    return looked;
  }

  async #tell(client: pg.Client, settled: Date, signal: AbortSignal): Promise<Looked> {
    const { offsets, publishAll, onExpired, logger, tracing } = this.#options;
    this.#installation ??= await this.#options.installation(signal);
    const parts = { client, topic: offsets.events, installation: this.#installation, publishAll, tracing };
    let sum = 0;
    let more = true;
    for (let batch = 0; more && batch < BATCHES_PER_LOOK && !signal.aborted; batch++) {
      const told = await publishExpired(parts, settled, BATCH);
      onExpired(told);
      sum += told;
      more = told === BATCH;
    }
    logger.info({ messages: sum, settled: settled.toISOString() }, 'timeouts.messages-expired');
    return more ? 'more' : 'done';
  }

  #holdBack(waited: number): void {
    this.#options.onHeldBack(waited / 1000);
    const now = performance.now();
    if (waited < PATIENCE * this.#options.interval || now - this.#complained < COMPLAIN_EVERY) return;
    this.#complained = now;
    // Receipts, submissions or events that came before still wait to be worked off.
    this.#options.logger.warn({ seconds: Math.round(waited / 1000) }, 'timeouts.held-back');
  }
}
