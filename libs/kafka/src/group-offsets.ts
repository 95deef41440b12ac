import { createClient, type KafkaSettings } from './client.js';
import { SILENT } from './read-topic.js';

/**
 * How far a consumer group has come in a topic: the offset that it reads next, by partition. Partitions of which it has
 * committed nothing are left out.
 */
export async function groupOffsets(
  kafka: KafkaSettings,
  groupId: string,
  topic: string,
): Promise<ReadonlyMap<number, bigint>> {
  const admin = createClient(kafka, SILENT).admin({ retry: { retries: 5 } });
  await admin.connect();
  try {
    const [group] = await admin.fetchOffsets({ groupId, topics: [topic] });
    const committed = (group?.partitions ?? []).filter(({ offset }) => !offset.startsWith('-'));
    return new Map(committed.map(({ partition, offset }) => [partition, BigInt(offset)]));
  } finally {
    await admin.disconnect();
  }
}
