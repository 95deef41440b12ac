import { GroupCommitProducer, type OutgoingRecord } from '#kafka';
import { SILENT, type Installation } from '../installation.js';

/** Records written at once: bounds the memory, and is many sends. */
const CHUNK = 5_000;

/** Writes records, in their order, and returns how many there were. */
export async function writeRecords(installation: Installation, records: Iterable<OutgoingRecord>): Promise<number> {
  const producer = new GroupCommitProducer({ kafka: installation.kafka, logger: SILENT });
  let written = 0;
  try {
    let chunk: OutgoingRecord[] = [];
    for (const record of records) {
      if (chunk.push(record) < CHUNK) continue;
      await producer.publishAll(chunk);
      written += chunk.length;
      chunk = [];
    }
    await producer.publishAll(chunk);
    return written + chunk.length;
  } finally {
    await producer.close();
  }
}
