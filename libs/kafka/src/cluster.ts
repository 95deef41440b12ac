import { createClient, type KafkaLogger, type KafkaSettings } from './client.js';
import type { TopicIdentityAnswer, topicIdentityRequest } from './topic-identity-request.js';

/**
 * The parts of kafkajs' own classes that are used where its clients do not do what is needed: its types do not show them.
 * The version is held by patched.ts.
 */

/** One broker, connected. */
export interface Broker {
  readonly versions: Readonly<Record<number, { readonly maxVersion: number } | undefined>>;
  readonly connectionPool: {
    send(protocol: ReturnType<typeof topicIdentityRequest>): Promise<TopicIdentityAnswer>;
  };
  metadata(topics: readonly string[]): Promise<{ readonly clusterId?: string | null }>;
  fetch(request: FetchRequest): Promise<{
    readonly responses: readonly { readonly topicName: string; readonly partitions: readonly FetchedPartition[] }[];
  }>;
}

/** What is asked for of partitions that one broker leads. */
export interface FetchRequest {
  /** 1: nothing of a transaction that was aborted or is still open. */
  readonly isolationLevel: 0 | 1;
  /** How long the broker may wait until there is something, ms. */
  readonly maxWaitTime: number;
  readonly minBytes: number;
  /** Of the whole answer; the first batch of records comes whole, however large. */
  readonly maxBytes: number;
  readonly topics: readonly {
    readonly topic: string;
    readonly partitions: readonly {
      readonly partition: number;
      readonly fetchOffset: string;
      readonly maxBytes: number;
    }[];
  }[];
}

/** What a fetch brought of a partition, before transactions that were aborted are left out. */
export interface FetchedPartition {
  readonly partition: number;
  readonly messages: readonly unknown[];
}

/** The brokers of a cluster, and who leads what. */
export interface Cluster {
  readonly brokerPool: { findConnectedBroker(): Promise<Broker> };
  connect(): Promise<void>;
  disconnect(): Promise<void>;
  addTargetTopic(topic: string): Promise<void>;
  refreshMetadata(): Promise<void>;
  findTopicPartitionMetadata(topic: string): readonly { readonly partitionId: number }[];
  /** Partitions by the id of the broker that leads them. */
  findLeaderForPartitions(topic: string, partitions: readonly number[]): Readonly<Record<string, readonly number[]>>;
  findBroker(of: { readonly nodeId: string }): Promise<Broker>;
  /** -1: no record is as late as `fromTimestamp`. */
  fetchTopicsOffset(
    topics: readonly ({
      readonly topic: string;
      readonly partitions: readonly { readonly partition: number }[];
    } & ({ readonly fromBeginning: boolean } | { readonly fromTimestamp: number }))[],
  ): Promise<readonly { readonly partitions: readonly { readonly partition: number; readonly offset: string }[] }[]>;
}

/** A cluster as kafkajs' own clients use it, with the settings that all of ours have. */
export function createCluster(settings: KafkaSettings, logger: KafkaLogger): Cluster {
  const client: object = createClient(settings, logger);
  const create = Object.getOwnPropertySymbols(client).find(
    ({ description }) => description === 'private:Kafka:createCluster',
  );
  if (create === undefined) throw new Error('this kafkajs makes its clusters in another way');
  const factory = (client as Readonly<Record<symbol, (options: object) => Cluster>>)[create]!;
  return factory({ allowAutoTopicCreation: false, isolationLevel: READ_COMMITTED });
}

/** As consumers read: https://kafka.apache.org/documentation/#consumerconfigs_isolation.level */
export const READ_COMMITTED = 1;
