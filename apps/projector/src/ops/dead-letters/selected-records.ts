import { scanTopic, spanOf, type IncomingRecord, type Stretch } from '#kafka';
import { query } from '../../store/query.js';
import type { OpsContext } from '../ops-context.js';
import type { Condition } from './selection.js';

/** As many as are redriven in one transaction. */
const MAX_RECORDS = 100;

/**
 * Hands over the records of the topic between the first and the last letter of a condition, by partition: also those in
 * between that are not meant. What has left the topic does not come.
 * @param onRead told how many records have been read, and which part of all that is: 0 to 1
 */
export async function scanSelected(
  context: OpsContext,
  condition: Condition,
  handle: (records: readonly IncomingRecord[]) => Promise<void>,
  onRead: (fraction: number) => void,
): Promise<void> {
  const stretches = await stretchesOf(context, condition);
  const whole = spanOf(stretches);
  let read = 0;
  await scanTopic({
    kafka: context.kafka,
    topic: context.topics['dead-letters.v1'],
    stretches,
    maxRecords: MAX_RECORDS,
    signal: context.signal,
    handle: async (records) => {
      await handle(records);
      read += records.length;
      onRead(read / whole);
    },
  });
}

async function stretchesOf({ pool }: OpsContext, { sql, values }: Condition): Promise<Map<number, Stretch>> {
  const { rows } = await query<{ partition: number; first: string; last: string }>(pool, {
    text: `SELECT partition, min(record_offset) AS first, max(record_offset) AS last FROM dead_letter WHERE ${sql} GROUP BY partition`,
    values: [...values],
  });
  return new Map(rows.map(({ partition, first, last }) => [partition, { from: BigInt(first), to: BigInt(last) + 1n }]));
}
