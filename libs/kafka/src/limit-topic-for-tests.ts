import { randomUUID } from 'node:crypto';
import { ConfigResourceTypes } from 'kafkajs';
import { until } from '../../../test/system/until.js';
import { createClient, type KafkaSettings } from './client.js';
import { topicOffsets } from './topic-offsets.js';
import { SILENT, withAdmin } from './with-admin.js';

/** Lets a topic take less than the product is made for. */
export async function limitTopic(kafka: KafkaSettings, topic: string, maxMessageBytes: number): Promise<void> {
  const configEntries = [{ name: 'max.message.bytes', value: String(maxMessageBytes) }];
  const resources = [{ type: ConfigResourceTypes.TOPIC, name: topic, configEntries }];
  await withAdmin(kafka, (admin) => admin.alterConfigs({ validateOnly: false, resources }));
  const partitions = [...(await topicOffsets(kafka, topic)).keys()];
  // The broker answers before its partitions know.
  await until('every partition takes less', async () => {
    const taken = await Promise.all(
      partitions.map((partition) => takes(kafka, { topic, partition }, maxMessageBytes + 1)),
    );
    return !taken.includes(true);
  });
}

/** Whether a partition takes a record of so many bytes. Nobody gets to read it: its transaction is aborted. */
async function takes(
  kafka: KafkaSettings,
  { topic, partition }: { readonly topic: string; readonly partition: number },
  bytes: number,
): Promise<boolean> {
  const producer = createClient(kafka, SILENT).producer({
    transactionalId: randomUUID(),
    maxInFlightRequests: 1,
    idempotent: true,
    retry: { retries: 5 },
  });
  await producer.connect();
  try {
    const transaction = await producer.transaction();
    const sent = transaction.send({ topic, messages: [{ partition, value: Buffer.alloc(bytes) }] });
    const isTaken = await sent.then(
      () => true,
      () => false,
    );
    await transaction.abort();
    return isTaken;
  } finally {
    await producer.disconnect();
  }
}
