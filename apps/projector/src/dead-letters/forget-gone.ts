import type { ClientBase, QueryResult } from 'pg';
import { TOPICS } from '#contracts';
import { query } from '../store/query.js';
import type { DeadLetterTopic } from './index-dead-letters.js';

/** Rows that one statement, and so one transaction, deletes at most. */
const ROWS_A_STEP = 1_000;

/** No topic of ours keeps a letter for longer: what was written before that to a topic that is no more is gone with it. */
const LONGEST_STAY = TOPICS.find(({ name }) => name === 'dead-letters.v1')!.retention as number;

const GONE_LETTERS = `DELETE FROM dead_letter WHERE ctid = ANY (ARRAY (
    SELECT letter.ctid FROM dead_letter AS letter
      LEFT JOIN unnest($2::integer[], $3::bigint[]) AS there (partition, low) ON there.partition = letter.partition
    WHERE CASE WHEN topic_id = $1 THEN record_offset < low ELSE at < now() - make_interval(secs => $4) END
    LIMIT $5))`;

const GONE_CHANGES = `DELETE FROM dead_letter_change WHERE ctid = ANY (ARRAY (
    SELECT change.ctid FROM dead_letter_change AS change
      LEFT JOIN dead_letter AS letter USING (topic_id, partition, record_offset)
    WHERE letter.state IS NULL
    LIMIT $1))`;

/**
 * Deletes the rows of dead letters whose records have left the topic, in small steps: nobody can redrive them any more,
 * whatever their state. Those of another topic of that name stay for as long as letters stay: we may have been led to a
 * wrong cluster, and what people decided there must not be lost over it.
 * @returns how many letters
 */
export async function forgetGone(
  client: ClientBase,
  { topicId, offsets }: DeadLetterTopic,
  signal: AbortSignal,
): Promise<number> {
  const lows = [...offsets.values()].map(({ low }) => String(low));
  const letters = await inSteps(signal, () =>
    query(client, {
      text: GONE_LETTERS,
      values: [topicId, [...offsets.keys()], lows, LONGEST_STAY / 1000, ROWS_A_STEP],
    }),
  );
  await inSteps(signal, () => query(client, { text: GONE_CHANGES, values: [ROWS_A_STEP] }));
  return letters;
}

async function inSteps(signal: AbortSignal, step: () => Promise<QueryResult>): Promise<number> {
  let rows = 0;
  for (let deleted = ROWS_A_STEP; deleted === ROWS_A_STEP && !signal.aborted; rows += deleted) {
    deleted = (await step()).rowCount ?? 0;
  }
  return rows;
}
