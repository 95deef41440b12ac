import type { KafkaSettings } from './client.js';
import { withAdmin } from './with-admin.js';

/**
 * How far a consumer group has come in a topic: the offset that it reads next, by partition. Partitions of which it has
 * committed nothing are left out.
 */
export async function groupOffsets(
  kafka: KafkaSettings,
  groupId: string,
  topic: string,
): Promise<ReadonlyMap<number, bigint>> {
  const [group] = await withAdmin(kafka, (admin) => admin.fetchOffsets({ groupId, topics: [topic] }));
  const committed = (group?.partitions ?? []).filter(({ offset }) => !offset.startsWith('-'));
  return new Map(committed.map(({ partition, offset }) => [partition, BigInt(offset)]));
}
