import { backoffDelay, DEFAULT_BACKOFF, pause } from './backoff.js';
import type { KafkaSettings } from './client.js';
import { createCluster, READ_COMMITTED, type Cluster } from './cluster.js';
import { errorText, TransientError } from './errors.js';
import { FetchedBatch } from './kafkajs/patched.js';
import { FetchedRecord, type IncomingRecord } from './records.js';
import { obstacleOf } from './security.js';
import { within, type OnRemoved, type Stretch } from './stretches.js';
import type { TopicOffsets } from './topic-offsets.js';
import { unlessAborted } from './unless-aborted.js';
import { SILENT } from './with-admin.js';
import { withTimeout } from './with-timeout.js';

/**
 * What one fetch asks for: so much of each of so many partitions. That bounds what a reader holds; the broker gives the
 * first batch of a partition whole, however large.
 */
const MOST_PARTITIONS = 8;
const MOST_BYTES_OF_PARTITION = 1_048_576;
/** How long a broker may wait until it has something, ms. It has: what is asked for is there. */
const WAIT = 100;
/**
 * What is refused or comes to nothing is asked for again until both are used up, ms: a leader that died is replaced within
 * some ten seconds, and a broker that hangs has kept a single question waiting for longer than that.
 */
const PATIENCE = 20_000;
const TRIES = 4;
/** A broker that hangs would keep us for as long as it keeps its questions, ms. */
const CLOSE_WITHIN = 1_000;

/**
 * Reads records where they lie, without a consumer group: nothing joins, nothing is committed, nobody is rebalanced, and
 * only the right to read the topic is needed. A look takes milliseconds.
 */
export class TopicReader {
  readonly #cluster: Cluster;
  readonly #closing = new AbortController();

  constructor(settings: KafkaSettings) {
    this.#cluster = createCluster(settings, SILENT);
  }

  /** Where the partitions of a topic begin and end now. */
  offsets(topic: string): Promise<TopicOffsets> {
    return this.#again(topic, async () => {
      const [low, high] = await Promise.all([
        this.#offsets(topic, { fromBeginning: true }),
        this.#offsets(topic, { fromBeginning: false }),
      ]);
      return new Map([...high].map(([partition, end]) => [partition, { low: low.get(partition) ?? end, high: end }]));
    });
  }

  /** Where each partition's records from `time` (Unix ms) begin; its end where it has none. */
  offsetsSince(topic: string, time: number): Promise<ReadonlyMap<number, bigint>> {
    return this.#again(topic, async () => {
      const since = await this.#offsets(topic, { fromTimestamp: Math.max(0, Math.trunc(time)) });
      const ends = await this.#offsets(topic, { fromBeginning: false });
      return new Map([...ends].map(([partition, end]) => [partition, positive(since.get(partition)) ?? end]));
    });
  }

  /**
   * The records of stretches, as they come: those of a partition in their order, those of several mixed. Whoever has seen
   * enough stops. It ends where the topic ends when it begins: what has no record at its end (a transaction that was
   * aborted, what compaction left) is passed over, and what is not there yet is not waited for.
   * @param onRemoved told of what was asked for and is no longer there: it is passed over
   * @throws TransientError when the brokers do not answer, or the reader is closed
   */
  async *read(
    topic: string,
    stretches: ReadonlyMap<number, Stretch>,
    onRemoved?: OnRemoved,
  ): AsyncGenerator<readonly IncomingRecord[], void> {
    let left = within(stretches, await this.offsets(topic), onRemoved);
    while (left.size > 0) {
      const fetched = await this.#again(topic, async () => {
        try {
          return await this.#fetch(topic, left);
        } catch (error) {
          if (isOutsideLog(error)) left = within(left, await this.offsets(topic), onRemoved);
          throw error;
        }
      });
      for (const [partition, { records, next }] of fetched) {
        const { to } = left.get(partition)!;
        if (next >= to) left.delete(partition);
        else left.set(partition, { from: next, to });
        const wanted = records.filter(({ offset }) => BigInt(offset) < to);
        if (wanted.length > 0) yield wanted;
      }
    }
  }

  /** The record at a position; null where none is, or none is any longer. */
  async at(topic: string, partition: number, offset: bigint): Promise<IncomingRecord | null> {
    for await (const [record] of this.read(topic, new Map([[partition, { from: offset, to: offset + 1n }]]))) {
      return record ?? null;
    }
    return null;
  }

  /** Closes the connections; whoever is reading is told so by an error. */
  async close(): Promise<void> {
    this.#closing.abort();
    await withTimeout(this.#cluster.disconnect(), CLOSE_WITHIN).catch(() => undefined);
  }

  /** Does it again where that may help: leaders move, and what is known of them is old then. */
  async #again<T>(topic: string, ask: () => Promise<T>): Promise<T> {
    const closing = this.#closing.signal;
    const began = performance.now();
    for (let tries = 1; ; tries++) {
      try {
        return await unlessAborted(this.#ask(topic, ask, tries > 1), closing);
      } catch (error) {
        const isOver = closing.aborted || isFinal(error);
        if (isOver || (tries >= TRIES && performance.now() - began > PATIENCE)) {
          throw new TransientError(`Kafka does not give ${topic}: ${errorText(error)}`, { cause: error });
        }
        await pause(backoffDelay(DEFAULT_BACKOFF, tries), closing);
      }
    }
  }

  async #ask<T>(topic: string, ask: () => Promise<T>, isRepeated: boolean): Promise<T> {
    this.#closing.signal.throwIfAborted();
    try {
      await this.#cluster.connect();
      await this.#cluster.addTargetTopic(topic);
      if (isRepeated) await this.#cluster.refreshMetadata();
      return await ask();
    } finally {
      // Nobody waits for it any more, and it may have connected since.
      if (this.#closing.signal.aborted) void this.#cluster.disconnect().catch(() => undefined);
    }
  }

  async #offsets(
    topic: string,
    which: { readonly fromBeginning: boolean } | { readonly fromTimestamp: number },
  ): Promise<Map<number, bigint>> {
    const partitions = this.#cluster
      .findTopicPartitionMetadata(topic)
      .map(({ partitionId }) => ({ partition: partitionId }));
    const [answer] = await this.#cluster.fetchTopicsOffset([{ topic, partitions, ...which }]);
    return new Map(answer!.partitions.map(({ partition, offset }) => [partition, BigInt(offset)]));
  }

  /** One answer of each broker that leads some of the partitions. At least one partition gets on. */
  async #fetch(topic: string, left: ReadonlyMap<number, Stretch>): Promise<Map<number, Fetched>> {
    const fetched = new Map<number, Fetched>();
    if (left.size === 0) return fetched;
    const some = [...left.keys()].slice(0, MOST_PARTITIONS);
    const leaders = Object.entries(this.#cluster.findLeaderForPartitions(topic, some));
    const answers = await Promise.all(
      leaders.map(async ([nodeId, partitions]) => {
        const broker = await this.#cluster.findBroker({ nodeId });
        const asked = partitions.map((partition) => ({
          partition,
          fetchOffset: String(left.get(partition)!.from),
          maxBytes: MOST_BYTES_OF_PARTITION,
        }));
        const { responses } = await broker.fetch({
          isolationLevel: READ_COMMITTED,
          maxWaitTime: WAIT,
          minBytes: 1,
          maxBytes: MOST_PARTITIONS * MOST_BYTES_OF_PARTITION,
          topics: [{ topic, partitions: asked }],
        });
        return responses.flatMap((response) => response.partitions);
      }),
    );
    for (const partition of answers.flat()) {
      const batch = new FetchedBatch(topic, String(left.get(partition.partition)!.from), partition);
      // The others have filled the answer: it is this one's turn next time.
      if (batch.rawMessages.length === 0) continue;
      const records = batch.messages.map((message) => new FetchedRecord(topic, partition.partition, message));
      fetched.set(partition.partition, { records, next: BigInt(batch.lastOffset()) + 1n });
    }
    if (fetched.size === 0) throw new NothingGivenError('the brokers give none of the records that they have');
    return fetched;
  }
}

interface Fetched {
  readonly records: readonly IncomingRecord[];
  readonly next: bigint;
}

class NothingGivenError extends Error {
  override readonly name = 'NothingGivenError';
}

/** Retention may have removed where a stretch begins, and the election of a leader that lagged behind where it ends. */
function isOutsideLog(error: unknown): boolean {
  return error instanceof NothingGivenError || (error instanceof Error && error.name === 'KafkaJSOffsetOutOfRange');
}

/** Trying again does not help until somebody has changed rights, a password or a certificate. */
function isFinal(error: unknown): boolean {
  const obstacle = obstacleOf(error);
  // A handshake may also fail because a broker is just going away.
  return obstacle !== null && obstacle !== 'tls';
}

function positive(offset: bigint | undefined): bigint | undefined {
  return offset !== undefined && offset >= 0n ? offset : undefined;
}
