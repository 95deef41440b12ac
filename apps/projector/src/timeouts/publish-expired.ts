import type { ClientBase } from 'pg';
import { encodeEvent, type CanonicalEvent } from '#contracts';
import type { OutgoingRecord } from '#kafka';
import { sending, type Span, type Tracing } from '#tracing';
import { query } from '../store/query.js';
import { messageTable } from '../store/tables.js';
import { noReceiptEvent } from './no-receipt.js';

/**
 * The index on what is waited for holds exactly these rows. `final` too: a projector that does not know submissions writes
 * reports, and leaves the time as it is.
 */
const WAITED_FOR = 'report_due_at IS NOT NULL AND expiry_published_at IS NULL AND NOT final';

/** A row that somebody holds is left to the next time: otherwise all others would be told of again and again for it. */
const DUE = `SELECT message_key AS key, ${messageTable.factColumns} FROM message
  WHERE ${WAITED_FOR} AND report_due_at <= $1 ORDER BY report_due_at LIMIT $2 FOR UPDATE SKIP LOCKED`;

const EARLIEST = `SELECT report_due_at AS due FROM message WHERE ${WAITED_FOR} ORDER BY report_due_at LIMIT 1`;

const MARK = 'UPDATE message SET expiry_published_at = now() WHERE message_key = ANY ($1::uuid[])';

type DueRow = { readonly key: string } & Parameters<typeof messageTable.factsOf>[0];

/** What publishing a batch of expired messages needs. */
export interface ExpiryParts {
  readonly client: ClientBase;
  /** Full name of the events topic. */
  readonly topic: string;
  readonly installation: string;
  /** Durable when it resolves. */
  readonly publishAll: (records: readonly OutgoingRecord[]) => Promise<void>;
  /** Null: nothing is traced. */
  readonly tracing: Tracing | null;
}

/**
 * Says of at most `limit` messages that no report came until `settled`, the longest due first. Published within the
 * transaction that notes it: a process that ends in between leaves it to the next one, which says the same under the same
 * ids.
 * @param settled up to when everything that had come in is in the table
 * @returns how many
 */
export async function publishExpired(parts: ExpiryParts, settled: Date, limit: number): Promise<number> {
  const { client } = parts;
  await query(client, { text: 'BEGIN' });
  try {
    const told = await publishDue(parts, settled, limit);
    await query(client, { text: 'COMMIT' });
    return told;
  } catch (error) {
    // Where the session is gone there is nothing to roll back.
    await client.query('ROLLBACK').catch(() => undefined);
    throw error;
  }
}

async function publishDue(parts: ExpiryParts, settled: Date, limit: number): Promise<number> {
  const { rows } = await query<DueRow>(parts.client, { text: DUE, values: [settled, limit] });
  if (rows.length === 0) return 0;
  const events = rows.flatMap((row) => {
    const { seen, unseen } = messageTable.factsOf(row);
    return noReceiptEvent(messageTable.united(seen, unseen), parts.installation) ?? [];
  });
  const spans = new Set<Span>();
  const records = events.map((event) => {
    const span = beginTrace(event, parts);
    if (span !== null) spans.add(span);
    return { topic: parts.topic, ...encodeEvent(event, event.rawPosition, span?.headers) };
  });
  await parts.publishAll(records);
  for (const span of spans) span.end();
  await query(parts.client, { text: MARK, values: [rows.map(({ key }) => key)] });
  return rows.length;
}

/** There is no receipt whose trace this could be a part of: here one begins, as at the door. Null: it is not traced. */
function beginTrace({ id, subject }: CanonicalEvent, { topic, tracing }: ExpiryParts): Span | null {
  if (tracing?.samples() !== true) return null;
  const ids = { 'messaging.message.id': id, 'messaging.kafka.message.key': subject };
  return tracing.start(`send ${topic}`, { kind: 'producer', attributes: { ...sending(topic), ...ids } });
}

/** When the wait for a report that has been waited for longest is over; null: nothing is waited for. */
export async function earliestDue(client: ClientBase): Promise<Date | null> {
  const { rows } = await query<{ due: Date }>(client, { text: EARLIEST });
  return rows[0]?.due ?? null;
}
