import type { Pool } from 'pg';
import type { Fact } from '../../merge/fact-set.js';
import type { MessageFact } from '../../merge/message-fact.js';
import { query } from '../../store/query.js';
import { messageTable } from '../../store/tables.js';
import type { Question, SoughtMessage } from './question.js';

/** A row of `message`, with what no state has. */
export interface MessageRow {
  readonly key: string;
  readonly revision: number;
  readonly facts: readonly Fact<MessageFact>[];
  /** When it was written last, Unix ms. */
  readonly writtenAt: number;
  /** When no-receipt was published, Unix ms; null: never. */
  readonly expiryPublishedAt: number | null;
}

/** Messages that are listed where several are meant. */
export const MOST_MESSAGES = 20;

/** Each is answered through an index: docs/storage.md. */
const CONDITIONS: Readonly<Record<SoughtMessage['by'], string>> = {
  key: 'message_key = $1::uuid',
  message: 'message_id = $1',
  recipient: 'recipient = $1',
  user: 'recipient_user_id = $1',
  reference: 'reference = $1',
};

interface Columns {
  readonly key: string;
  readonly revision: number;
  readonly facts: string;
  readonly beside: string | null;
  readonly overtaken: boolean;
  readonly written_at: Date;
  readonly expiry_published_at: Date | null;
}

/** The messages that an operator means, the newest first; one more than are listed, where there are more. */
export async function readMessages(
  pool: Pool,
  { by, value }: SoughtMessage,
  { provider, account }: Pick<Question, 'provider' | 'account'>,
): Promise<readonly MessageRow[]> {
  const { rows } = await query<Columns>(pool, {
    text: `SELECT message_key AS key, revision, ${messageTable.factColumns}, written_at, expiry_published_at
      FROM message WHERE ${CONDITIONS[by]} AND ($2::text IS NULL OR provider = $2) AND ($3::text IS NULL OR account = $3)
      ORDER BY occurred_at DESC, message_key LIMIT ${MOST_MESSAGES + 1}`,
    values: [value, provider, account],
  });
  return rows.map((row) => {
    const { seen, unseen } = messageTable.factsOf(row);
    return {
      key: row.key,
      revision: row.revision,
      facts: messageTable.united(seen, unseen),
      writtenAt: row.written_at.getTime(),
      expiryPublishedAt: row.expiry_published_at?.getTime() ?? null,
    };
  });
}
