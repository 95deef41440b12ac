import type { IncomingRecord, TopicOffsets } from '#kafka';
import { readTopic, topicOffsets } from '#kafka';
import { topicNames } from '#contracts';
import type { TopicName } from '#contracts';

/** The topics of one installation, for looking at. */
export interface TopicReader {
  /** Where every topic ends now. */
  ends(topic: TopicName): Promise<ReadonlyMap<number, bigint>>;
  /** What came in since `from` (the beginning where a partition is not in it), up to now. */
  read(topic: TopicName, from: ReadonlyMap<number, bigint>): Promise<readonly IncomingRecord[]>;
}

/** @param brokers comma-separated `host:port` */
export function createTopicReader(brokers: string, prefix: string): TopicReader {
  const kafka = { brokers: brokers.split(',').map((broker) => broker.trim()), clientId: 'quittance-dev' };
  const names = topicNames(prefix);
  return {
    ends: async (topic) => endsOf(await topicOffsets(kafka, names[topic])),
    read: (topic, from) => readTopic(kafka, names[topic], from),
  };
}

function endsOf(offsets: TopicOffsets): Map<number, bigint> {
  return new Map([...offsets].map(([partition, { high }]) => [partition, high]));
}

/** How many records lie between two ends of a topic. */
export function recordsBetween(from: ReadonlyMap<number, bigint>, to: ReadonlyMap<number, bigint>): number {
  let records = 0n;
  for (const [partition, end] of to) records += end - (from.get(partition) ?? 0n);
  return Number(records);
}
