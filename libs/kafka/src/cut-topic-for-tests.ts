import { silentLogger } from '../../../test/system/silent-logger.js';
import { createClient, type KafkaSettings } from './client.js';

/** Removes what lies before an offset of a partition, as retention does. */
export async function cutTopic(kafka: KafkaSettings, topic: string, partition: number, before: bigint): Promise<void> {
  const admin = createClient(kafka, silentLogger).admin();
  await admin.connect();
  try {
    // kafkajs only knows leaders of topics that it has been asked about.
    await admin.fetchTopicOffsets(topic);
    await admin.deleteTopicRecords({ topic, partitions: [{ partition, offset: String(before) }] });
  } finally {
    await admin.disconnect();
  }
}
