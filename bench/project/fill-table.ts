import type { Pool } from 'pg';
import { messageKey, messageId, occurredAt, READ_IN_THE_END, reportEvent } from './messages.js';

/** Stands in the text of a fact where the number of the message belongs. */
const NUMBER = 4_711_000;
/** Rows of one statement. */
const STEP = 250_000;

/**
 * Fills the table of messages by SQL with what the projector would have written of the first report of messages 0 to
 * `rows` - 1. Its indexes are dropped meanwhile and made anew; at the end it is as an old table is, vacuumed and analysed.
 */
export async function fillTable(pool: Pool, rows: number): Promise<void> {
  if (rows === 0) return;
  const { id, receiptId, rawPosition, data } = reportEvent(NUMBER, 0, 'first', READ_IN_THE_END);
  // Ids and times of the row are its own; those within the fact are the same everywhere but for what names the message.
  const fact = JSON.stringify([{ id, receiptId, rawPosition, data }])
    .replaceAll(messageKey(NUMBER), '%key%')
    .replaceAll(messageId(NUMBER), '%id%')
    .replaceAll(`order-${NUMBER}`, 'order-%number%')
    .replaceAll(`86139${String(NUMBER).padStart(8, '0')}`, '86139%digits%');
  const { rows: indexes } = await pool.query<{ readonly name: string; readonly definition: string }>(
    `SELECT indexname AS name, indexdef AS definition FROM pg_indexes
      WHERE tablename = 'message' AND schemaname = current_schema() AND indexname <> 'message_pkey'`,
  );
  for (const { name } of indexes) await pool.query(`DROP INDEX ${name}`);
  for (let from = 0; from < rows; from += STEP) {
    await pool.query(FILL, [from, Math.min(from + STEP, rows) - 1, fact, new Date(occurredAt(0, 0))]);
  }
  await pool.query("SET maintenance_work_mem = '1GB'");
  for (const { definition } of indexes) await pool.query(definition);
  await pool.query('VACUUM ANALYZE message');
  await pool.query('CHECKPOINT');
}

/** The same texts as messages.ts makes. */
const FILL = `INSERT INTO message (message_key, provider, account, channel, message_id, sender, recipient, reference,
    status, final, conflict, sent_at, occurred_at, revision, version, facts)
  SELECT key, 'alibaba', 'main', 'whatsapp', id, '8613100000008', '+86139' || digits, 'order-' || number,
    'sent', false, false, at, at, 1, 1,
    replace(replace(replace(replace($3::text, '%key%', key::text), '%id%', id), '%digits%', digits), '%number%', number::text)::json
  FROM (
    SELECT number, md5('message ' || number)::uuid AS key, '2026112000' || lpad(number::text, 10, '0') AS id,
      lpad((number % 100000000)::text, 8, '0') AS digits, $4::timestamptz + (number % 86400) * interval '1 second' AS at
    FROM generate_series($1::integer, $2::integer) AS number
  ) AS message`;
