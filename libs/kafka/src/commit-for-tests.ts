import { silentLogger } from '../../../test/system/silent-logger.js';
import { createClient, type KafkaSettings } from './client.js';

/** Moves a consumer group that has no members to an offset of a partition: what lies before, it will never read. */
export async function commitOffset(
  kafka: KafkaSettings,
  groupId: string,
  topic: string,
  partition: number,
  offset: bigint,
): Promise<void> {
  const admin = createClient(kafka, silentLogger).admin();
  await admin.connect();
  try {
    await admin.setOffsets({ groupId, topic, partitions: [{ partition, offset: String(offset) }] });
  } finally {
    await admin.disconnect();
  }
}
