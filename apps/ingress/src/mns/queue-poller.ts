import { backoffDelay, pause, type Backoff, type OutgoingRecord, type PublishOptions } from '#kafka';
import type { Logger } from '#runtime';
import type { Tracing } from '#tracing';
import { ReceiptTrace } from '../receipt-trace.js';
import { LARGEST_BATCH, type MnsQueue, type QueueMessage, type ReceivedMessages } from './mns-queue.js';
import { adviceFor, isRefused, queueError } from './queue-error.js';
import type { QueueMetrics } from './queue-metrics.js';

/** What the poller of one source works with. */
export interface QueuePollerParts {
  readonly source: string;
  /** Most requests for messages at once. */
  readonly concurrency: number;
  /** Seconds that a request waits for a message. */
  readonly wait: number;
  /** @param signal aborted when receiving has to end */
  readonly openQueue: (signal: AbortSignal) => MnsQueue;
  readonly toRecord: (message: QueueMessage) => OutgoingRecord;
  /** Resolves when Kafka has the record. */
  readonly publish: (record: OutgoingRecord, options: PublishOptions) => Promise<void>;
  /** Whether Kafka takes records now, and those that were pushed do not fill what waits for it. */
  readonly hasRoom: () => boolean;
  /** Told of each message that Kafka has. */
  readonly onAccepted: (record: OutgoingRecord) => void;
  readonly metrics: QueueMetrics;
  readonly logger: Logger;
  /** Null: nothing is traced. */
  readonly tracing: Tracing | null;
}

const AFTER_ERROR: Backoff = { first: 500, most: 30_000 };
/** A queue with too many long polls answers "empty" at once. */
const AFTER_HASTY_ANSWER: Backoff = { first: 250, most: 5_000 };
/** How often it is looked whether Kafka has room, ms. */
const ROOM_INTERVAL = 100;
/** What waits for Kafka longer than this, ms, is left to the queue. */
const MOST_PATIENCE = 10_000;
/** A stopping poller waits so long, ms, for Kafka to confirm what it has, */
const LAST_CONFIRMATIONS = 400;
/** and so long in all, deleting included. */
const LAST_MOMENTS = 700;
/** How often deleting is tried: what was not deleted comes again, and costs more than another try. */
const DELETE_ATTEMPTS = 3;
const BETWEEN_DELETES: Backoff = { first: 50, most: 500 };

/**
 * Empties a queue into Kafka: receive, publish, wait for Kafka, only then delete. Whatever goes wrong before that leaves
 * the message where it is, and the queue hands it out again.
 *
 * While nothing comes, one long poll is under way; while full batches come, up to `concurrency` requests run beside each
 * other.
 */
export class QueuePoller {
  readonly #parts: QueuePollerParts;
  readonly #stopping = new AbortController();
  readonly #queue: MnsQueue;
  readonly #helpers = new Set<Promise<void>>();
  #leader: Promise<void> | null = null;
  #stoppedAt = Infinity;
  #failures = 0;
  /** Batches in a row of which Kafka took nothing. */
  #refusals = 0;
  #hasWarned = false;

  constructor(parts: QueuePollerParts) {
    this.#parts = parts;
    this.#queue = parts.openQueue(this.#stopping.signal);
  }

  get source(): string {
    return this.#parts.source;
  }

  /** Any further time changes nothing. */
  start(): void {
    if (this.#leader !== null) return;
    this.#parts.metrics.polling(this.source, Date.now());
    this.#leader = this.#lead();
  }

  /** Ends within a second: calls off what waits, and deletes nothing that Kafka does not have. Never rejects. */
  async stop(): Promise<void> {
    this.#stoppedAt = performance.now();
    this.#stopping.abort();
    await this.#leader;
    await Promise.all(this.#helpers);
    this.#queue.close();
  }

  /** A function, because what it says changes while others are waited for. */
  #isStopping(): boolean {
    return this.#stopping.signal.aborted;
  }

  async #lead(): Promise<void> {
    let hasty = 0;
    while (await this.#untilThereIsRoom()) {
      const began = performance.now();
      const received = await this.#receive(this.#parts.wait);
      if (received === null) {
        await pause(backoffDelay(AFTER_ERROR, this.#failures), this.#stopping.signal);
        continue;
      }
      if (received.messages.length > 0) {
        hasty = 0;
        if (received.messages.length === LARGEST_BATCH) this.#callForHelp();
        await this.#take(received);
        if (this.#refusals > 0) await pause(backoffDelay(AFTER_ERROR, this.#refusals), this.#stopping.signal);
      } else if (performance.now() - began < 500 * this.#parts.wait) {
        hasty += 1;
        await pause(backoffDelay(AFTER_HASTY_ANSWER, hasty), this.#stopping.signal);
      } else {
        hasty = 0;
      }
    }
  }

  /** Another one who receives as long as there is something at once. */
  #callForHelp(): void {
    if (this.#isStopping() || this.#helpers.size + 1 >= this.#parts.concurrency) return;
    const helper = this.#help().finally(() => this.#helpers.delete(helper));
    this.#helpers.add(helper);
  }

  async #help(): Promise<void> {
    while (await this.#untilThereIsRoom()) {
      const received = await this.#receive(0);
      if (received === null || received.messages.length === 0) return;
      if (received.messages.length === LARGEST_BATCH) this.#callForHelp();
      await this.#take(received);
      if (this.#refusals > 0) return;
    }
  }

  /** False when the poller stops. What is received and cannot be stored would only be hidden from others. */
  async #untilThereIsRoom(): Promise<boolean> {
    while (!this.#isStopping() && !this.#parts.hasRoom()) await pause(ROOM_INTERVAL, this.#stopping.signal);
    return !this.#isStopping();
  }

  /** Null: it failed, and was told to whom it concerns. */
  async #receive(wait: number): Promise<ReceivedMessages | null> {
    const { source, metrics, logger } = this.#parts;
    try {
      // Undefined when the poller stops: a token that is being asked for cannot be called off.
      const received = await this.#unlessStopping(this.#queue.receive(wait), LAST_CONFIRMATIONS);
      if (received === undefined) return null;
      metrics.polled(source, received.messages.length, Date.now());
      metrics.unreadable(source, received.unreadable);
      if (this.#hasWarned) logger.info({ source, failures: this.#failures }, 'queue.recovered');
      this.#failures = 0;
      this.#hasWarned = false;
      return received;
    } catch (failure) {
      if (this.#isStopping()) return null;
      const error = queueError(failure);
      metrics.failed(source, error);
      this.#failures += 1;
      // A token that has run out is refused once; that is how it goes, and nobody has to be told.
      const isUsual = this.#failures === 1 && isRefused(error);
      const fields = { source, code: error.code, failures: this.#failures };
      if (isUsual) logger.debug(fields, 'queue.refused');
      else logger.warn({ ...fields, advice: adviceFor(error) }, 'queue.poll-failed');
      this.#hasWarned ||= !isUsual;
      return null;
    }
  }

  async #take({ messages, visibility }: ReceivedMessages): Promise<void> {
    const { source, publish, toRecord, onAccepted, metrics, logger, tracing } = this.#parts;
    const began = performance.now();
    const expiresAt = began + Math.min(MOST_PATIENCE, visibility / 2);
    const stored: QueueMessage[] = [];
    const reasons = new Set<string>();
    const now = Date.now();
    const all = messages.map(async (message) => {
      metrics.received(source, message.dequeueCount, message.enqueuedAt === null ? null : now - message.enqueuedAt);
      let trace: ReceiptTrace | null = null;
      try {
        const record = toRecord(message);
        trace = ReceiptTrace.ofMessage(tracing, record, message);
        await publish(trace?.record ?? record, { expiresAt, line: source });
        stored.push(message);
        onAccepted(record);
        trace?.sent();
        trace?.done();
      } catch (error) {
        // Whatever it is, the message stays where it is and comes again.
        const reason = error instanceof Error ? error.name : 'unknown';
        reasons.add(reason);
        trace?.sent(reason);
        trace?.done(reason);
      }
    });
    await this.#unlessStopping(Promise.all(all), LAST_CONFIRMATIONS);

    // A copy: what is confirmed from now on is not deleted, and comes again.
    const confirmed = [...stored];
    const missing = messages.length - confirmed.length;
    this.#refusals = confirmed.length > 0 ? 0 : this.#refusals + 1;
    if (missing > 0) {
      metrics.notStored(source, missing);
      logger.warn({ source, messages: missing, reasons: [...reasons] }, 'queue.messages-left');
    }
    const deleted = confirmed.length === 0 ? 0 : await this.#delete(confirmed, began + visibility);
    metrics.deleted(source, deleted);
    metrics.notDeleted(source, confirmed.length - deleted);
  }

  /**
   * @param deadline `performance.now()` at which their handles are dead
   * @returns how many were deleted, as far as is known
   */
  async #delete(messages: readonly QueueMessage[], deadline: number): Promise<number> {
    for (let attempt = 1; attempt <= DELETE_ATTEMPTS && performance.now() < deadline; attempt += 1) {
      try {
        const failed = await this.#unlessStopping(this.#queue.delete(messages), LAST_MOMENTS);
        return failed === undefined ? 0 : messages.length - failed;
      } catch (failure) {
        const { code } = queueError(failure);
        this.#parts.logger.debug({ source: this.source, code, attempt }, 'queue.delete-failed');
        await pause(backoffDelay(BETWEEN_DELETES, attempt), this.#stopping.signal);
      }
    }
    return 0;
  }

  /**
   * Waits for something; undefined if the poller stops meanwhile, and some time has passed.
   * @param lastMoments ms since the poller was asked to stop
   */
  async #unlessStopping<T>(work: Promise<T>, lastMoments: number): Promise<T | undefined> {
    // Nobody may be waiting any more when it fails.
    work.catch(() => undefined);
    const { signal } = this.#stopping;
    const over = new AbortController();
    const called = async (): Promise<undefined> => {
      if (!signal.aborted) await aborted(signal, over.signal);
      await pause(Math.max(0, this.#stoppedAt + lastMoments - performance.now()), over.signal);
      return undefined;
    };
    try {
      return await Promise.race([work, called()]);
    } finally {
      over.abort();
    }
  }
}

/** Resolves when the first of the two is aborted. */
function aborted(one: AbortSignal, other: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      one.removeEventListener('abort', done);
      other.removeEventListener('abort', done);
      resolve();
    };
    one.addEventListener('abort', done);
    other.addEventListener('abort', done);
  });
}
