const DAY = 24 * 60 * 60 * 1000;

/** A topic of ours, without the configurable prefix. */
export type TopicName =
  | 'raw-receipts.v1'
  | 'submissions.v1'
  | 'spools.v1'
  | 'events.v1'
  | 'dead-letters.v1'
  | 'message-status.v1'
  | 'mobile-originated.v1'
  | 'review-status.v1'
  | 'account-status.v1'
  | 'ledger.v1'
  | 'erasures.v1';

/** How a topic is created. */
export interface TopicDefinition {
  readonly name: TopicName;
  readonly purpose: string;
  /** In production; development makes do with fewer. */
  readonly partitions: number;
  /** Milliseconds, or `compacted`: the newest record of every key stays. */
  readonly retention: number | 'compacted';
}

/** Settings of a topic, by Kafka's names. */
export type TopicConfiguration = Readonly<Record<string, string>>;

/** Every topic. docs/contracts/topics.md says the same in prose and is held in step by a test. */
export const TOPICS: readonly TopicDefinition[] = [
  { name: 'raw-receipts.v1', purpose: 'receipts, byte for byte', partitions: 24, retention: 14 * DAY },
  { name: 'submissions.v1', purpose: 'what sending services tell us', partitions: 12, retention: 3 * DAY },
  { name: 'spools.v1', purpose: 'how far the spools of ingresses are drained', partitions: 1, retention: 2 * DAY },
  { name: 'events.v1', purpose: 'canonical events', partitions: 48, retention: 14 * DAY },
  { name: 'dead-letters.v1', purpose: 'what could not be read, with the reason', partitions: 12, retention: 30 * DAY },
  { name: 'message-status.v1', purpose: "what a message's state became", partitions: 12, retention: 7 * DAY },
  { name: 'mobile-originated.v1', purpose: 'replies and inbound messages', partitions: 12, retention: 7 * DAY },
  { name: 'review-status.v1', purpose: 'what a review became', partitions: 12, retention: 'compacted' },
  { name: 'account-status.v1', purpose: 'account, number and consent notices', partitions: 12, retention: 'compacted' },
  { name: 'ledger.v1', purpose: 'what the stages tell the loss ledger', partitions: 12, retention: 14 * DAY },
  { name: 'erasures.v1', purpose: 'who has been erased, and when', partitions: 1, retention: 'compacted' },
];

/**
 * What a topic is told when it is made, in Kafka's words and units.
 * @param replication copies of every partition
 */
export function topicConfiguration({ retention }: TopicDefinition, replication: number): TopicConfiguration {
  return {
    // Without it acks=all is content with the leader alone once the others have dropped out.
    'min.insync.replicas': String(Math.max(1, replication - 1)),
    ...(retention === 'compacted' ? { 'cleanup.policy': 'compact' } : { 'retention.ms': String(retention) }),
  };
}

/** The topics' full names under a prefix such as `quittance.`. */
export type TopicNames = Readonly<Record<TopicName, string>>;

/** Full topic names under a prefix. */
export function topicNames(prefix: string): TopicNames {
  return Object.fromEntries(TOPICS.map(({ name }) => [name, prefix + name])) as Record<TopicName, string>;
}

/** The consumer group of a stage that works off a topic, or of the ledger that reads along. */
export function consumerGroup(prefix: string, stage: 'normaliser' | 'projector' | 'ledger'): string {
  return prefix + stage;
}
