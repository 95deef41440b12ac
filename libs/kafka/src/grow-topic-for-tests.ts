import { silentLogger } from '../../../test/system/silent-logger.js';
import { until } from '../../../test/system/until.js';
import { createClient, type KafkaSettings } from './client.js';

/** Gives a topic more partitions, as an operator does, and waits until they are served. */
export async function growTopic(kafka: KafkaSettings, topic: string, partitions: number): Promise<void> {
  const admin = createClient(kafka, silentLogger).admin();
  await admin.connect();
  try {
    await admin.createPartitions({ topicPartitions: [{ topic, count: partitions }] });
    await until('the new partitions are served', () =>
      admin.fetchTopicOffsets(topic).then(
        (offsets) => offsets.length === partitions,
        () => false,
      ),
    );
  } finally {
    await admin.disconnect();
  }
}
