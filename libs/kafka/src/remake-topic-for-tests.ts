import { silentLogger } from '../../../test/system/silent-logger.js';
import { until } from '../../../test/system/until.js';
import { createClient, type KafkaSettings } from './client.js';

/** Deletes a topic and makes it anew, with as many partitions. */
export async function remakeTopic(kafka: KafkaSettings, topic: string): Promise<void> {
  const admin = createClient(kafka, silentLogger).admin();
  await admin.connect();
  try {
    const numPartitions = (await admin.fetchTopicOffsets(topic)).length;
    await admin.deleteTopics({ topics: [topic] });
    await until('the topic is gone', async () => !(await admin.listTopics()).includes(topic));
    const created = { topic, numPartitions, replicationFactor: 1 };
    await admin.createTopics({ waitForLeaders: false, topics: [created] });
    await until('the topic is served', () =>
      admin.fetchTopicOffsets(topic).then(
        () => true,
        () => false,
      ),
    );
  } finally {
    await admin.disconnect();
  }
}
