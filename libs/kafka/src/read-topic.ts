import { randomUUID } from 'node:crypto';
import { createClient, type KafkaSettings } from './client.js';
import { FetchedRecord, type IncomingRecord } from './records.js';

/** First offset still there, and the one that the next record will get, by partition. */
export type TopicOffsets = ReadonlyMap<number, { readonly low: bigint; readonly high: bigint }>;

/** A tool's reading is nobody's log line. */
export const SILENT = { debug: ignore, info: ignore, warn: ignore, error: ignore };

/** Where the partitions of a topic begin and end now. */
export async function topicOffsets(kafka: KafkaSettings, topic: string): Promise<TopicOffsets> {
  const admin = createClient(kafka, SILENT).admin({ retry: { retries: 5 } });
  await admin.connect();
  try {
    const partitions = await admin.fetchTopicOffsets(topic);
    return new Map(partitions.map(({ partition, low, high }) => [partition, { low: BigInt(low), high: BigInt(high) }]));
  } finally {
    await admin.disconnect();
  }
}

/**
 * Reads what is in a topic now, outside any lasting consumer group: from `from` (default: the beginning) to the end as
 * it was when reading began. For tools and tests; it holds everything that it reads in memory.
 */
export async function readTopic(
  kafka: KafkaSettings,
  topic: string,
  from: ReadonlyMap<number, bigint> = new Map(),
): Promise<readonly IncomingRecord[]> {
  const wanted = new Map<number, bigint>();
  for (const [partition, { low, high }] of await topicOffsets(kafka, topic)) {
    if ((from.get(partition) ?? low) < high) wanted.set(partition, high);
  }
  if (wanted.size === 0) return [];

  const records: IncomingRecord[] = [];
  const groupId = `quittance-read-${randomUUID()}`;
  const consumer = createClient(kafka, SILENT).consumer({
    groupId,
    maxWaitTimeInMs: 100,
    retry: { retries: 10 },
  });
  await consumer.connect();
  try {
    await consumer.subscribe({ topic, fromBeginning: true });
    await new Promise<void>((resolve, reject) => {
      consumer.on(consumer.events.CRASH, ({ payload }) => {
        if (!payload.restart) reject(payload.error);
      });
      consumer
        .run({
          autoCommit: false,
          eachBatch: ({ batch }) => {
            const end = wanted.get(batch.partition);
            for (const message of batch.messages) {
              const offset = BigInt(message.offset);
              if (end !== undefined && offset < end && offset >= (from.get(batch.partition) ?? 0n)) {
                records.push(new FetchedRecord(topic, batch.partition, message));
              }
            }
            if (end !== undefined && BigInt(batch.lastOffset()) + 1n >= end) wanted.delete(batch.partition);
            if (wanted.size === 0) resolve();
            return Promise.resolve();
          },
        })
        .then(() => {
          for (const [partition, offset] of from) consumer.seek({ topic, partition, offset: String(offset) });
        })
        .catch(reject);
    });
  } finally {
    await consumer.disconnect();
    await forgetGroup(kafka, groupId);
  }
  return records;
}

/** Removes a group that was made for one reading. */
export async function forgetGroup(kafka: KafkaSettings, groupId: string): Promise<void> {
  const admin = createClient(kafka, SILENT).admin();
  await admin.connect();
  try {
    // Nothing was committed under it; should this fail, the broker forgets the empty group by itself.
    await admin.deleteGroups([groupId]).catch(ignore);
  } finally {
    await admin.disconnect();
  }
}

function ignore(): void {
  // A tool's reading is nobody's log line.
}
