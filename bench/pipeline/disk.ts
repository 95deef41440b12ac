import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { TopicName } from '#contracts';
import type { Installation } from '../installation.js';
import { rounded } from '../measurement.js';
import { number } from './stored.js';

/** Bytes that one receipt of its own message takes on the disks: in each topic, once, and in Postgres with its indexes. */
export async function bytesOnDisk(installation: Installation, receipts: number): Promise<Record<string, number>> {
  const perReceipt = (topic: TopicName): number =>
    rounded(segmentBytes(installation.logDirectory, installation.topic(topic)) / receipts);
  const tables = await number(installation, `SELECT pg_total_relation_size('message') AS number`);
  return {
    kafka_bytes_raw: perReceipt('raw-receipts.v1'),
    kafka_bytes_event: perReceipt('events.v1'),
    kafka_bytes_change: perReceipt('message-status.v1'),
    postgres_bytes: rounded(tables / receipts),
  };
}

/** What the segments of a topic hold. Their indexes are left out: each is made as large as it may ever become. */
function segmentBytes(logDirectory: string, topic: string): number {
  const partitions = readdirSync(logDirectory).filter((name) => name.replace(/-\d+$/, '') === topic);
  const segments = partitions.flatMap((name) =>
    readdirSync(join(logDirectory, name))
      .filter((file) => file.endsWith('.log'))
      .map((file) => statSync(join(logDirectory, name, file)).size),
  );
  return segments.reduce((sum, size) => sum + size, 0);
}
