import { randomUUID } from 'node:crypto';
import { scanGroupPrefix } from '#contracts';
import type { Consumer, EachBatchPayload } from 'kafkajs';
import { createClient, type KafkaSettings } from './client.js';
import { FetchedRecord, type IncomingRecord } from './records.js';
import { topicOffsets } from './topic-offsets.js';
import { SILENT, withAdmin } from './with-admin.js';

/** A stretch of one partition: from `from` to just before `to`. */
export interface Stretch {
  readonly from: bigint;
  readonly to: bigint;
}

/** How many offsets stretches span together: as many records are in them, or fewer. */
export function spanOf(stretches: ReadonlyMap<number, Stretch>): number {
  return [...stretches.values()].reduce((sum, { from, to }) => sum + Number(to - from), 0);
}

/** How a topic is scanned. */
export interface ScanOptions {
  readonly kafka: KafkaSettings;
  readonly topic: string;
  /** By partition. */
  readonly stretches: ReadonlyMap<number, Stretch>;
  /** Records handed over at once. */
  readonly maxRecords: number;
  /** Gets the records of a partition in their order, up to four partitions at once. A throw ends the scan. */
  readonly handle: (records: readonly IncomingRecord[]) => Promise<void>;
  /** Ends the scan after what is in hand. */
  readonly signal: AbortSignal;
}

const CONCURRENCY = 4;
/** Records may be removed while they are waited for: so often it is looked where the partitions begin, ms. */
const LOOK_AGAIN = 2_000;
const HEARTBEAT = 3_000;

/**
 * Hands over what is in stretches of a topic, outside any lasting consumer group, without holding more than what was
 * fetched last. What retention removes meanwhile is passed over. For operators' tools: it commits nothing.
 */
export async function scanTopic(options: ScanOptions): Promise<void> {
  const { kafka, topic, signal } = options;
  const scan = new Scan(options);
  if (scan.done || signal.aborted) return;

  // One rule of access covers all groups that scan a topic.
  const groupId = scanGroupPrefix(topic) + randomUUID();
  const consumer = createClient(kafka, SILENT).consumer({
    groupId,
    maxWaitTimeInMs: 100,
    retry: { retries: 10 },
    allowAutoTopicCreation: false,
  });
  await consumer.connect();
  const look = setInterval(() => void scan.passOverRemoved().catch(() => undefined), LOOK_AGAIN);
  const abort = (): void => {
    scan.finish();
  };
  signal.addEventListener('abort', abort);
  try {
    await consumer.subscribe({ topic, fromBeginning: true });
    scan.watch(consumer);
    await consumer.run({
      autoCommit: false,
      eachBatchAutoResolve: false,
      partitionsConsumedConcurrently: CONCURRENCY,
      eachBatch: (payload) => scan.onBatch(payload, consumer),
    });
    await scan.finished;
  } finally {
    signal.removeEventListener('abort', abort);
    clearInterval(look);
    await consumer.stop().catch(() => undefined);
    await consumer.disconnect().catch(() => undefined);
    await forgetGroup(kafka, groupId);
  }
}

/** Removes a group that was made for one reading. Should this fail, the broker forgets the empty group by itself. */
function forgetGroup(kafka: KafkaSettings, groupId: string): Promise<unknown> {
  return withAdmin(kafka, (admin) => admin.deleteGroups([groupId])).catch(() => undefined);
}

/** What is left of a scan. */
class Scan {
  readonly finished: Promise<void>;
  readonly #options: ScanOptions;
  /** The stretches that are not done. `from` moves on. */
  readonly #left: Map<number, Stretch>;
  #over = false;
  #resolve!: () => void;
  #reject!: (error: unknown) => void;

  constructor(options: ScanOptions) {
    this.#options = options;
    this.#left = new Map([...options.stretches].filter(([, { from, to }]) => from < to));
    this.finished = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
    // It may fail before anybody waits for it.
    this.finished.catch(() => undefined);
  }

  get done(): boolean {
    return this.#left.size === 0;
  }

  finish(error?: unknown): void {
    this.#over = true;
    if (error === undefined) this.#resolve();
    else this.#reject(error);
  }

  watch(consumer: Consumer): void {
    const { topic } = this.#options;
    consumer.on(consumer.events.GROUP_JOIN, ({ payload }) => {
      const assigned = payload.memberAssignment[topic] ?? [];
      for (const partition of assigned) this.#seek(consumer, partition);
    });
    consumer.on(consumer.events.CRASH, ({ payload }) => {
      if (!payload.restart) this.finish(payload.error);
    });
  }

  async onBatch(payload: EachBatchPayload, consumer: Consumer): Promise<void> {
    const { batch } = payload;
    const beat = setInterval(() => void payload.heartbeat().catch(() => undefined), HEARTBEAT);
    try {
      await this.#work(payload);
      if (this.#over) return;
      const left = this.#left.get(batch.partition);
      // The first fetch may come before the seek.
      if (left && BigInt(batch.lastOffset()) < left.from - 1n) this.#seek(consumer, batch.partition);
      else payload.resolveOffset(batch.lastOffset());
      if (!left) payload.pause();
      if (this.done) this.finish();
    } catch (error) {
      this.finish(error);
    } finally {
      clearInterval(beat);
    }
  }

  /** Records that are no longer there will not come. */
  async passOverRemoved(): Promise<void> {
    for (const [partition, { low }] of await topicOffsets(this.#options.kafka, this.#options.topic)) {
      const left = this.#left.get(partition);
      if (left && low >= left.to) this.#left.delete(partition);
    }
    if (this.done) this.finish();
  }

  async #work({ batch }: EachBatchPayload): Promise<void> {
    const { topic, maxRecords, handle } = this.#options;
    const stretch = this.#left.get(batch.partition);
    if (!stretch) return;
    const wanted = batch.messages.filter(({ offset }) => BigInt(offset) >= stretch.from && BigInt(offset) < stretch.to);
    for (let at = 0; at < wanted.length && !this.#over; at += maxRecords) {
      const records = wanted
        .slice(at, at + maxRecords)
        .map((message) => new FetchedRecord(topic, batch.partition, message));
      await handle(records);
      this.#advance(batch.partition, BigInt(records.at(-1)!.offset) + 1n);
    }
    if (!this.#over) this.#advance(batch.partition, BigInt(batch.lastOffset()) + 1n);
  }

  #advance(partition: number, next: bigint): void {
    const left = this.#left.get(partition);
    if (!left || next <= left.from) return;
    if (next >= left.to) this.#left.delete(partition);
    else this.#left.set(partition, { from: next, to: left.to });
  }

  #seek(consumer: Consumer, partition: number): void {
    const { topic } = this.#options;
    const left = this.#left.get(partition);
    if (left) consumer.seek({ topic, partition, offset: String(left.from) });
    else consumer.pause([{ topic, partitions: [partition] }]);
  }
}
