import type { Pool } from 'pg';
import { courseOf, messageKey, occurredAt, type Course } from './messages.js';

interface Row {
  readonly message_key: string;
  readonly status: string;
  readonly conflict: boolean;
  readonly revision: number;
  readonly occurred_at: Date;
  readonly recipient: string | null;
  readonly reference: string | null;
  readonly facts: number;
}

/** Rows read at once. */
const PAGE = 20_000;

/**
 * Compares the rows of messages with what their reports amount to, one by one.
 * @param courses of the messages that must be there, by number
 * @returns how many are wrong or missing, and the sum of the revisions: how many changes must have been published
 */
export async function compareWithTruth(
  pool: Pool,
  messages: Iterable<number>,
  course: (message: number) => Course = courseOf,
): Promise<{ readonly wrong: number; readonly revisions: number }> {
  let [wrong, revisions] = [0, 0];
  let page: number[] = [];
  const check = async (): Promise<void> => {
    const { rows } = await pool.query<Row>(
      `SELECT message_key, status, conflict, revision, occurred_at, recipient, reference, json_array_length(facts) AS facts
        FROM message WHERE message_key = ANY ($1::uuid[])`,
      [page.map(messageKey)],
    );
    const byKey = new Map(rows.map((row) => [row.message_key, row]));
    for (const message of page) {
      const row = byKey.get(messageKey(message));
      if (row === undefined || !isTrue(row, message, course(message))) wrong += 1;
      revisions += row?.revision ?? 0;
    }
    page = [];
  };
  for (const message of messages) if (page.push(message) === PAGE) await check();
  await check();
  return { wrong, revisions };
}

function isTrue(row: Row, message: number, { reports, status, conflict }: Course): boolean {
  const strongest = reports.findIndex((report) => report.toLowerCase() === status);
  return (
    row.status === status &&
    row.conflict === conflict &&
    row.facts === reports.length &&
    row.occurred_at.getTime() === occurredAt(message, strongest) &&
    row.recipient === `+86139${String(message % 100_000_000).padStart(8, '0')}` &&
    row.reference === `order-${message}`
  );
}
