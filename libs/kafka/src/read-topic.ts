import type { KafkaSettings } from './client.js';
import type { IncomingRecord } from './records.js';
import type { Stretch } from './stretches.js';
import { TopicReader } from './topic-reader.js';

/**
 * Reads what is in a topic now: from `from` (default: the beginning) to the end as it was when reading began. For tools
 * and tests; it holds everything that it reads in memory.
 */
export async function readTopic(
  kafka: KafkaSettings,
  topic: string,
  from: ReadonlyMap<number, bigint> = new Map(),
): Promise<readonly IncomingRecord[]> {
  const reader = new TopicReader(kafka);
  try {
    const stretches = new Map<number, Stretch>();
    for (const [partition, { low, high }] of await reader.offsets(topic)) {
      stretches.set(partition, { from: from.get(partition) ?? low, to: high });
    }
    const read: IncomingRecord[] = [];
    for await (const records of reader.read(topic, stretches)) {
      // One by one: there may be more than a call takes arguments.
      for (const record of records) read.push(record);
    }
    return read;
  } finally {
    await reader.close();
  }
}
