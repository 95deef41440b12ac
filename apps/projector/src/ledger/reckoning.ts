import { consumerGroup, topicNames, type TopicName } from '#contracts';
import { groupOffsets, topicOffsets, TransientError, type KafkaSettings, type TopicIdentity } from '#kafka';
import { topicIdOf } from '../store/topic-id.js';
import type { PartitionOffsets } from '../timeouts/settled-time.js';
import type { LedgerStore } from './ledger-store.js';
import { LEDGER_TOPICS } from './read-record.js';

/** Where a topic ended. */
export interface TopicEnd {
  /** Which topic of that name it is. */
  readonly topicId: string;
  /** Partitions that held nothing are left out. */
  readonly offsets: PartitionOffsets;
}

/** An instant of the pipeline, taken so that whatever the normaliser had made of receipts by then lies before the ends. */
export interface Reckoning {
  /** Which topic of raw receipts it is of. */
  readonly rawTopicId: string;
  /** The receipts that the normaliser was past: the offset that it read next. */
  readonly normalised: PartitionOffsets;
  /** Where the ledger's topics ended a moment later. */
  readonly ends: ReadonlyMap<TopicName, TopicEnd>;
}

/** Who has to come further before a reckoning tells what is missing. */
export type Awaited = 'the projector' | 'the ledger';

/** What reckoning needs. */
export interface ReckonerOptions {
  readonly kafka: KafkaSettings;
  readonly topicPrefix: string;
  readonly store: LedgerStore;
  /** Which topic of a name the cluster has now. */
  readonly identify: (topic: string) => Promise<TopicIdentity>;
}

/** Takes instants of a pipeline, and tells when everything before them has been noted. */
export class Reckoner {
  readonly #options: ReckonerOptions;

  constructor(options: ReckonerOptions) {
    this.#options = options;
  }

  /** The normaliser's offsets come first: it commits them when all that it made of the receipts is in the topics. */
  async take(): Promise<Reckoning> {
    const { kafka, topicPrefix, identify } = this.#options;
    const topics = topicNames(topicPrefix);
    const raw = topics['raw-receipts.v1'];
    const rawTopicId = topicIdOf(await identify(raw));
    const normalised = await groupOffsets(kafka, consumerGroup(topicPrefix, 'normaliser'), raw);
    const ends = new Map<TopicName, TopicEnd>();
    for (const name of LEDGER_TOPICS) {
      const topicId = topicIdOf(await identify(topics[name]));
      ends.set(name, { topicId, offsets: await this.#endsOf(topics[name]) });
    }
    return { rawTopicId, normalised, ends };
  }

  /**
   * Null once everything before the ends has been noted: what is still open then, and lies before what the normaliser was
   * past, is missing.
   * @throws TransientError when one of the topics has been made anew since: nobody will get to the ends of the old one
   */
  async awaits({ ends }: Reckoning): Promise<Awaited | null> {
    const { topicPrefix, store, identify } = this.#options;
    const topics = topicNames(topicPrefix);
    for (const [name, { topicId }] of ends) {
      if (topicIdOf(await identify(topics[name])) !== topicId) {
        throw new TransientError(`${topics[name]} has been made anew meanwhile`);
      }
    }
    const events = ends.get('events.v1')!;
    if (!hasPassed(await store.projected(topics['events.v1'], events.topicId), events.offsets)) return 'the projector';
    for (const [name, { topicId, offsets }] of ends) {
      if (!hasPassed(await store.read(topics[name], topicId), offsets)) return 'the ledger';
    }
    return null;
  }

  async #endsOf(topic: string): Promise<PartitionOffsets> {
    const offsets = await topicOffsets(this.#options.kafka, topic);
    return new Map(
      [...offsets].flatMap(([partition, { low, high }]) => (low < high ? [[partition, high] as const] : [])),
    );
  }
}

/** Whether every partition has been read up to where it ended; one that has never been read has not. */
function hasPassed(next: PartitionOffsets, ends: PartitionOffsets): boolean {
  return [...ends].every(([partition, end]) => (next.get(partition) ?? -1n) >= end);
}
