import { setTimeout as sleep } from 'node:timers/promises';
import type { KafkaSettings } from './client.js';
import { createCluster, READ_COMMITTED, type Cluster } from './cluster.js';
import { errorText, TransientError } from './errors.js';
import { FetchedBatch } from './kafkajs/patched.js';
import { FetchedRecord, type IncomingRecord } from './records.js';
import type { Stretch } from './scan-topic.js';
import type { TopicOffsets } from './topic-offsets.js';
import { SILENT } from './with-admin.js';

/** Of one answer, and of one partition in it. */
const MOST_BYTES = 16 * 1_048_576;
const MOST_BYTES_OF_PARTITION = 1_048_576;
const WAIT = 100;
/** What has no leader for a moment is asked for again, after so many ms, so often. */
const BETWEEN_TRIES = 300;
const TRIES = 4;

/**
 * Reads records where they lie, without a consumer group: nothing joins, nothing is committed, nobody is rebalanced. A
 * look takes milliseconds, where `scanTopic` takes seconds to become a member. For operators' questions.
 */
export class TopicReader {
  readonly #cluster: Cluster;
  #connected: Promise<void> | null = null;

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
   * enough stops. What retention has removed does not come; what is not there yet is not waited for.
   * @throws TransientError when the brokers do not answer
   */
  async *read(topic: string, stretches: ReadonlyMap<number, Stretch>): AsyncGenerator<readonly IncomingRecord[], void> {
    const left = within(stretches, await this.offsets(topic));
    while (left.size > 0) {
      const fetched = await this.#again(topic, async () => {
        try {
          return await this.#fetch(topic, left);
        } catch (error) {
          // Retention has removed where a stretch begins.
          if (isOutOfRange(error)) passOverRemoved(left, await this.offsets(topic));
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

  /** Closes the connections. */
  async close(): Promise<void> {
    await this.#cluster.disconnect().catch(() => undefined);
  }

  /** Does it again where that may help: leaders move, and what is known of them is old then. */
  async #again<T>(topic: string, ask: () => Promise<T>): Promise<T> {
    for (let tries = 1; ; tries++) {
      try {
        this.#connected ??= this.#cluster.connect();
        await this.#connected;
        await this.#cluster.addTargetTopic(topic);
        return await ask();
      } catch (error) {
        if (tries === TRIES)
          throw new TransientError(`Kafka does not give ${topic}: ${errorText(error)}`, { cause: error });
        this.#connected = null;
        await sleep(BETWEEN_TRIES);
        await this.#cluster.refreshMetadata().catch(() => undefined);
      }
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
    const leaders = Object.entries(this.#cluster.findLeaderForPartitions(topic, [...left.keys()]));
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
          maxBytes: MOST_BYTES,
          topics: [{ topic, partitions: asked }],
        });
        return responses.flatMap((response) => response.partitions);
      }),
    );
    const fetched = new Map<number, Fetched>();
    if (left.size === 0) return fetched;
    for (const partition of answers.flat()) {
      const batch = new FetchedBatch(topic, String(left.get(partition.partition)!.from), partition);
      // The others have filled the answer: it is this one's turn next time.
      if (batch.rawMessages.length === 0) continue;
      const records = batch.messages.map((message) => new FetchedRecord(topic, partition.partition, message));
      fetched.set(partition.partition, { records, next: BigInt(batch.lastOffset()) + 1n });
    }
    if (fetched.size === 0) throw new Error('the brokers gave none of the records that they have');
    return fetched;
  }
}

interface Fetched {
  readonly records: readonly IncomingRecord[];
  readonly next: bigint;
}

/** As much of the stretches as there is. */
function within(stretches: ReadonlyMap<number, Stretch>, offsets: TopicOffsets): Map<number, Stretch> {
  const there = new Map<number, Stretch>();
  for (const [partition, { from, to }] of stretches) {
    const { low, high } = offsets.get(partition) ?? { low: 0n, high: 0n };
    const stretch = { from: from < low ? low : from, to: to > high ? high : to };
    if (stretch.from < stretch.to) there.set(partition, stretch);
  }
  return there;
}

function passOverRemoved(left: Map<number, Stretch>, offsets: TopicOffsets): void {
  const there = within(left, offsets);
  left.clear();
  for (const [partition, stretch] of there) left.set(partition, stretch);
}

function isOutOfRange(error: unknown): boolean {
  return error instanceof Error && error.name === 'KafkaJSOffsetOutOfRange';
}

function positive(offset: bigint | undefined): bigint | undefined {
  return offset !== undefined && offset >= 0n ? offset : undefined;
}
