import pg from 'pg';
import type { MessageTruth, NoticeTruth, ReplyTruth, ReviewTruth } from './truth.js';

/** What is true of a thing, as a row says it, and the key of the row. */
export type RunRow = { readonly key: string } & (MessageTruth | ReplyTruth | ReviewTruth | NoticeTruth);

/** `null`: no row says it. A timestamp comes as a Date. */
type Columns = Readonly<Record<string, unknown>> & { readonly key: string };

/**
 * The tag of the run is somewhere in the facts that a row is derived from: not every receipt has an id that could hold it.
 * Rows that were not written since the run began need not be looked into.
 */
const OF_THE_RUN = `written_at > $2::timestamptz - interval '1 minute' AND position($1 IN facts::text) > 0`;

/** A person or number as the provider writes it, where the country is not certain. */
const asWritten = (whom: string): string =>
  `coalesce(${whom}, facts->0->'data'->>'${whom}Raw', facts->0->'data'->>'${whom}UserId')`;

const QUERIES = [
  `SELECT 'message' AS kind, message_key AS key, provider, channel, message_id AS "messageId",
     ${asWritten('recipient')} AS recipient, sender, reference, status, final, reason, provider_code AS code, conflict,
     sent_at AS "sentAt", occurred_at AS "occurredAt"
   FROM message WHERE ${OF_THE_RUN}`,
  `SELECT 'reply' AS kind, event_id AS key, provider, channel, origin_id AS "originId",
     ${asWritten('sender')} AS sender, addressee, facts->0->'data'->'content'->>'text' AS text, keyword,
     occurred_at AS "occurredAt"
   FROM mobile_originated WHERE ${OF_THE_RUN}`,
  `SELECT 'review' AS kind, review_key AS key, provider, subject_kind AS subject, subject_id AS id,
     review_id AS "workOrder", status, reason, occurred_at AS "occurredAt"
   FROM review WHERE ${OF_THE_RUN}`,
  `SELECT 'notice' AS kind, subject_key AS key, provider, channel, subject_kind AS subject, subject_id AS id, aspect,
     value, occurred_at AS "occurredAt"
   FROM account_status WHERE ${OF_THE_RUN}`,
];

const FETCHED_AT_ONCE = 2_000;

/**
 * Reads the rows that a run has left, table by table, never all at once.
 * @param since when the run began, RFC 3339
 */
export async function* readRows(databaseUrl: string, tag: string, since: string): AsyncGenerator<RunRow> {
  const client = new pg.Client({ connectionString: databaseUrl });
  // Without a listener a lost connection would end this process.
  client.on('error', () => undefined);
  await client.connect();
  try {
    await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
    for (const [index, query] of QUERIES.entries()) {
      const cursor = `rows_${index}`;
      await client.query(`DECLARE ${cursor} CURSOR FOR ${query}`, [tag, since]);
      for (;;) {
        const { rows } = await client.query<Columns>(`FETCH ${FETCHED_AT_ONCE} FROM ${cursor}`);
        if (rows.length === 0) break;
        for (const row of rows) yield withTexts(row);
      }
      await client.query(`CLOSE ${cursor}`);
    }
  } finally {
    await client.end();
  }
}

function withTexts(columns: Columns): RunRow {
  const texts = Object.entries(columns).map(([name, value]) => [
    name,
    value instanceof Date ? value.toISOString() : value,
  ]);
  return Object.fromEntries(texts) as RunRow;
}
