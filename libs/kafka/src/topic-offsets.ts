import type { KafkaSettings } from './client.js';
import { withAdmin } from './with-admin.js';

/** First offset still there, and the one that the next record will get, by partition. */
export type TopicOffsets = ReadonlyMap<number, { readonly low: bigint; readonly high: bigint }>;

/** Where the partitions of a topic begin and end now: before the first transaction that is still open, where there is one. */
export async function topicOffsets(kafka: KafkaSettings, topic: string): Promise<TopicOffsets> {
  const partitions = await withAdmin(kafka, (admin) => admin.fetchTopicOffsets(topic));
  return new Map(partitions.map(({ partition, low, high }) => [partition, { low: BigInt(low), high: BigInt(high) }]));
}

/**
 * How many offsets lie between where a reader is and where a topic ends: as many records wait for it, or fewer.
 * @param next the offset to read next, by partition; what is missing has not been begun
 */
export function offsetsBehind(held: TopicOffsets, next: ReadonlyMap<number, bigint>): bigint {
  let sum = 0n;
  for (const [partition, { low, high }] of held) {
    const from = next.get(partition) ?? low;
    if (from < high) sum += high - (from < low ? low : from);
  }
  return sum;
}

/** Where a partition's records from `time` (Unix ms) begin; its end where it has none. */
export async function offsetsSince(
  kafka: KafkaSettings,
  topic: string,
  time: number,
): Promise<ReadonlyMap<number, bigint>> {
  const partitions = await withAdmin(kafka, (admin) => admin.fetchTopicOffsetsByTimestamp(topic, time));
  return new Map(partitions.map(({ partition, offset }) => [partition, BigInt(offset)]));
}
