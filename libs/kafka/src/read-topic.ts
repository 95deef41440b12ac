import type { KafkaSettings } from './client.js';
import type { IncomingRecord } from './records.js';
import { scanTopic, type Stretch } from './scan-topic.js';
import { topicOffsets } from './topic-offsets.js';

/**
 * Reads what is in a topic now: from `from` (default: the beginning) to the end as it was when reading began. For tools
 * and tests; it holds everything that it reads in memory.
 */
export async function readTopic(
  kafka: KafkaSettings,
  topic: string,
  from: ReadonlyMap<number, bigint> = new Map(),
): Promise<readonly IncomingRecord[]> {
  const stretches = new Map<number, Stretch>();
  for (const [partition, { low, high }] of await topicOffsets(kafka, topic)) {
    stretches.set(partition, { from: from.get(partition) ?? low, to: high });
  }
  const records: IncomingRecord[] = [];
  await scanTopic({
    kafka,
    topic,
    stretches,
    maxRecords: Infinity,
    handle: (batch) => {
      for (const record of batch) records.push(record);
      return Promise.resolve();
    },
    signal: new AbortController().signal,
  });
  return records;
}
