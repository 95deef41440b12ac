import { setTimeout as delay } from 'node:timers/promises';
import { backoffDelay, pause, RecordTooLargeError, type OutgoingRecord } from '#kafka';
import type { Tracing } from '#tracing';
import { traceDrained } from '../receipt-trace.js';
import type { Circuit } from './circuit.js';
import type { Spool } from './spool.js';
import type { DrainBatch } from './spool-terms.js';
import { decodeReceipt } from './stored-receipt.js';

/** What draining needs. */
export interface DrainParts {
  readonly spool: Pick<Spool, 'status' | 'read' | 'drained' | 'adopt'>;
  readonly kafka: {
    readonly connected: boolean;
    /** Records that wait for Kafka. */
    readonly queuedRecords: number;
    publishAll(records: readonly OutgoingRecord[]): Promise<void>;
  };
  readonly circuit: Circuit;
  /** Full name of the topic of raw receipts. */
  readonly topic: string;
  /** So many receipts of the spool are in Kafka now. */
  readonly onDrained: (receipts: number) => void;
  /** Null: nothing is traced. */
  readonly tracing: Tracing | null;
}

/** Receipts of one send: beside them as many live ones find room in it. */
const BATCH_RECORDS = 1_000;
const BATCH_BYTES = 1_000_000;
/** What is pushed goes first: with more than this waiting for Kafka the spool stands back, */
const LIVE_FIRST = 1_000;
/** but no longer than this, ms: it must not grow old under a load that never ends. */
const STAND_BACK = 500;
/** A send of this length, ms, says that Kafka is well. */
const IN_TIME = 500;
/** An empty spool is looked at so often, ms. */
const IDLE_LOOK = 100;
/** How often it is looked for folders whose process has ended, ms. */
const ADOPT_EVERY = 5_000;
/** A stopping process waits so long for the batch in hand, ms. */
const LAST_BATCH = 1_000;
const BACKOFF = { first: 100, most: 2_000 };

/**
 * Empties the spool into Kafka, the oldest first, one batch at a time, for as long as the process lives. It is also what
 * finds out that Kafka works again.
 */
export class SpoolDrain {
  readonly #parts: DrainParts;
  readonly #stopping = new AbortController();
  #adoptedAt = performance.now();
  #done: Promise<void> = Promise.resolve();

  constructor(parts: DrainParts) {
    this.#parts = parts;
  }

  /** Begins, in the background. */
  start(): void {
    this.#done = this.#run();
  }

  /** Goes on until the spool is empty, Kafka fails or the time is up, ms; then it ends. */
  async stop(within: number): Promise<void> {
    const until = performance.now() + within;
    const { spool, kafka, circuit } = this.#parts;
    while (spool.status.receipts > 0 && kafka.connected && !circuit.isOpen && performance.now() < until)
      await delay(20);
    this.#stopping.abort();
    // A broker that hangs must not use up the time that is left: what is under way is drained again by whoever comes next.
    await Promise.race([this.#done, delay(LAST_BATCH)]);
  }

  async #run(): Promise<void> {
    const { spool, kafka } = this.#parts;
    const { signal } = this.#stopping;
    let failures = 0;
    while (!signal.aborted) {
      if (spool.status.receipts === 0 || !kafka.connected) {
        await this.#adopt();
        await pause(IDLE_LOOK, signal);
        continue;
      }
      try {
        await this.#standBack();
        const batch = await spool.read(BATCH_RECORDS, BATCH_BYTES);
        if (batch !== null) await this.#drain(batch);
        failures = 0;
      } catch {
        // The producer has said why. The same again, and with it what may be in the topic already.
        failures += 1;
        await pause(backoffDelay(BACKOFF, failures), signal);
      }
    }
  }

  async #drain(batch: DrainBatch): Promise<void> {
    const { spool, circuit, topic, onDrained, tracing } = this.#parts;
    const began = performance.now();
    const records = batch.receipts.flatMap((stored) => decodeReceipt(stored, topic) ?? []);
    let refused = batch.receipts.length - records.length;
    try {
      await this.#publish(records);
    } catch (error) {
      if (!(error instanceof RecordTooLargeError)) throw error;
      refused += await this.#publishEach(records);
    }
    if (performance.now() - began < IN_TIME) circuit.worked();
    traceDrained(tracing, records, began);
    await spool.drained(batch, refused);
    onDrained(batch.receipts.length - refused);
  }

  async #publish(records: readonly OutgoingRecord[]): Promise<void> {
    try {
      await this.#parts.kafka.publishAll(records);
    } catch (error) {
      if (!(error instanceof RecordTooLargeError)) this.#parts.circuit.failed();
      throw error;
    }
  }

  /** The brokers take less than when it was received. How many they refuse; their file is set aside. */
  async #publishEach(records: readonly OutgoingRecord[]): Promise<number> {
    let refused = 0;
    for (const record of records) {
      try {
        await this.#publish([record]);
      } catch (error) {
        if (!(error instanceof RecordTooLargeError)) throw error;
        refused += 1;
      }
    }
    return refused;
  }

  async #standBack(): Promise<void> {
    const until = performance.now() + STAND_BACK;
    const { kafka } = this.#parts;
    while (kafka.queuedRecords > LIVE_FIRST && performance.now() < until) await pause(5, this.#stopping.signal);
  }

  async #adopt(): Promise<void> {
    if (performance.now() - this.#adoptedAt < ADOPT_EVERY) return;
    this.#adoptedAt = performance.now();
    await this.#parts.spool.adopt();
  }
}
