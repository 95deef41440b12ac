import type { ClientBase, Pool } from 'pg';
import { StartError } from '#runtime';
import type { DeadLetterEntry } from '../../dead-letters/dead-letter-entry.js';
import { query } from '../../store/query.js';
import type { OpsContext } from '../ops-context.js';
import type { Condition, DeadLetterId, DeadLetterState, Selection } from './selection.js';

/** A row of `dead_letter`, with what was last done about it. */
export interface StoredLetter extends DeadLetterEntry {
  readonly id: string;
  readonly state: DeadLetterState;
}

/** What somebody has done about a letter. */
export interface LetterChange {
  readonly at: Date;
  readonly state: Exclude<DeadLetterState, 'open'>;
  readonly by: string;
  readonly forced: boolean;
  readonly reason: string | null;
}

/** Letters of one code. */
export interface CodeCount {
  readonly code: string;
  readonly letters: number;
}

type Client = ClientBase | Pool;

const COLUMNS = `concat(partition, '/', record_offset) AS id, partition, record_offset AS offset, at, state, code, detail,
  stage, source, receipt_id AS "receiptId", element, origin, reader, redriven_from AS "redrivenFrom"`;

/** At most `limit` letters, the newest first. */
export async function readLetters(client: Client, { sql, values }: Condition, limit: number): Promise<StoredLetter[]> {
  const text = `SELECT ${COLUMNS} FROM dead_letter WHERE ${sql}
    ORDER BY at DESC, partition DESC, record_offset DESC LIMIT ${limit}`;
  return (await query<StoredLetter>(client, { text, values: [...values] })).rows;
}

/** At most `limit` letters, locked until the transaction ends: whoever wants them too waits, and finds them changed. */
export async function lockLetters(
  client: ClientBase,
  { sql, values }: Condition,
  limit: number,
): Promise<StoredLetter[]> {
  const text = `SELECT ${COLUMNS} FROM dead_letter WHERE ${sql} ORDER BY partition, record_offset LIMIT ${limit} FOR UPDATE`;
  return (await query<StoredLetter>(client, { text, values: [...values] })).rows;
}

/** How many letters of each code, most first. */
export async function countLetters(client: Client, { sql, values }: Condition): Promise<CodeCount[]> {
  const text = `SELECT code, count(*)::integer AS letters FROM dead_letter WHERE ${sql} GROUP BY code ORDER BY letters DESC, code`;
  return (await query<CodeCount>(client, { text, values: [...values] })).rows;
}

/**
 * How many letters of each code are selected.
 * @throws StartError when one that was named is not there
 */
export async function countSelected(
  { pool }: Pick<OpsContext, 'pool'>,
  { ids }: Selection,
  condition: Condition,
): Promise<CodeCount[]> {
  const counts = await countLetters(pool, condition);
  const found = counts.reduce((sum, { letters }) => sum + letters, 0);
  if (ids !== null && found < ids.length) {
    throw new StartError(
      `${ids.length - found} of the dead letters that were named are not there: list shows which are`,
    );
  }
  return counts;
}

/** What was done about a letter, in its order. */
export async function readChanges(client: Client, topicId: string, id: DeadLetterId): Promise<LetterChange[]> {
  const text = `SELECT at, state, by, forced, reason FROM dead_letter_change
    WHERE topic_id = $1 AND partition = $2 AND record_offset = $3 ORDER BY at`;
  return (await query<LetterChange>(client, { text, values: [topicId, id.partition, id.offset] })).rows;
}

/** Notes what was done about letters that the transaction has locked. */
export async function changeLetters(
  client: ClientBase,
  topicId: string,
  letters: readonly DeadLetterId[],
  { state, by, forced, reason }: Omit<LetterChange, 'at'>,
): Promise<void> {
  if (letters.length === 0) return;
  const ids = [topicId, letters.map(({ partition }) => partition), letters.map(({ offset }) => offset)];
  await query(client, {
    text: `UPDATE dead_letter SET state = $4 FROM unnest($2::integer[], $3::bigint[]) AS letter (p, o)
      WHERE topic_id = $1 AND partition = p AND record_offset = o`,
    values: [...ids, state],
  });
  await query(client, {
    text: `INSERT INTO dead_letter_change (topic_id, partition, record_offset, at, state, by, forced, reason)
      SELECT $1, p, o, clock_timestamp(), $4, $5, $6, $7 FROM unnest($2::integer[], $3::bigint[]) AS letter (p, o)`,
    values: [...ids, state, by, forced, reason],
  });
}
