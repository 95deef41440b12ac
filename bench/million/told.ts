import { scanTopic, topicOffsets } from '#kafka';
import { ToldChanges } from '../../dev/told-changes.js';
import type { Installation } from '../installation.js';

/** What subscribers of message statuses were told, and where it breaks the rule. */
export async function toldBy(
  installation: Installation,
): Promise<{ readonly records: number; readonly distinct: number; readonly wrong: readonly string[] }> {
  const told = new ToldChanges();
  const topic = installation.topic('message-status.v1');
  const ends = await topicOffsets(installation.kafka, topic);
  await scanTopic({
    kafka: installation.kafka,
    topic,
    stretches: new Map([...ends].map(([partition, { low, high }]) => [partition, { from: low, to: high }])),
    maxRecords: 5_000,
    handle: (records) => {
      for (const record of records) told.take(record);
      return Promise.resolve();
    },
    signal: new AbortController().signal,
  });
  const { rows } = await installation.pool.query<{ readonly key: string; readonly revision: number }>(
    'SELECT message_key::text AS key, revision FROM message',
  );
  const wrong = told.wrong(new Map(rows.map(({ key, revision }) => [key, revision])));
  return { records: told.records, distinct: told.distinct, wrong };
}
