import { randomUUID } from 'node:crypto';
import { silentLogger } from '../../../test/system/silent-logger.js';
import { until } from '../../../test/system/until.js';
import { createClient, type KafkaSettings } from './client.js';

/** Writes a record into every partition of a topic in a transaction that is aborted: two offsets each, and nothing to read. */
export async function abortTransaction(kafka: KafkaSettings, topic: string): Promise<void> {
  const client = createClient(kafka, silentLogger);
  const admin = client.admin();
  const producer = client.producer({ transactionalId: randomUUID(), maxInFlightRequests: 1, idempotent: true });
  await Promise.all([admin.connect(), producer.connect()]);
  try {
    const partitions = await admin.fetchTopicOffsets(topic);
    const transaction = await producer.transaction();
    const messages = partitions.map(({ partition }) => ({ partition, value: 'never said' }));
    await transaction.send({ topic, messages });
    await transaction.abort();
    const ends = new Map(partitions.map(({ partition, high }) => [partition, BigInt(high)]));
    // The brokers answer before they have written the ends of the transaction.
    await until('every partition ends behind it', async () =>
      (await admin.fetchTopicOffsets(topic)).every(({ partition, high }) => BigInt(high) >= ends.get(partition)! + 2n),
    );
  } finally {
    await Promise.all([admin.disconnect(), producer.disconnect()]);
  }
}
