import { query } from '../store/query.js';
import type { ClientBase } from 'pg';

/** The tables that have a retention, and what keeps it. */
export type RetainedTable =
  | 'message'
  | 'mobile_originated'
  | 'review'
  | 'account_status'
  | 'ledger_block'
  | 'ledger_receipts'
  | 'ledger_accepted';

/** How much is looked at and deleted at once. */
export interface StepBounds {
  /** Pages of the table that one statement reads, 8 KiB each. */
  readonly pages: number;
  /** Rows that one statement, and so one transaction, deletes at most. */
  readonly rows: number;
}

/** 4 MiB and 500 rows: some milliseconds. */
export const STEP: StepBounds = { pages: 512, rows: 500 };

/**
 * Deletes the rows of a table that were last written before `before`, going through the table once from its first page
 * to its last, each step a transaction of its own. Which pages a row lies in is all that is asked for, so no index is
 * needed that every write would have to pay for. A row that somebody has locked is left to the next time; a row that is
 * written meanwhile is not old any more.
 *
 * @param between called after every step with the rows that it deleted; false ends it
 */
export async function deleteOldRows(
  client: ClientBase,
  table: RetainedTable,
  before: Date,
  between: (deleted: number) => Promise<boolean>,
  step: StepBounds = STEP,
): Promise<void> {
  const { rows } = await query<{ pages: number }>(client, {
    text: `SELECT ceil(pg_relation_size($1::regclass) / current_setting('block_size')::numeric)::integer AS pages`,
    values: [table],
  });
  const { pages } = rows[0]!;
  for (let first = 0; first < pages;) {
    const { rowCount } = await query(client, {
      text: `DELETE FROM ${table} WHERE ctid = ANY (ARRAY (
          SELECT ctid FROM ${table} WHERE ctid >= $1::tid AND ctid < $2::tid AND written_at < $3${spared(table)}
          LIMIT $4 FOR UPDATE SKIP LOCKED))`,
      values: [`(${first},0)`, `(${first + step.pages},0)`, before, step.rows],
    });
    const deleted = rowCount ?? 0;
    if (deleted < step.rows) first += step.pages;
    if (!(await between(deleted))) return;
  }
}

/**
 * A message whose report is still waited for stays, however long nobody has written its row: until the wait has been over
 * for the retention. Nobody may ever tell of it, where timeouts are switched off or held back.
 */
function spared(table: string): string {
  if (table !== 'message') return '';
  return ' AND (report_due_at IS NULL OR final OR expiry_published_at IS NOT NULL OR report_due_at < $3)';
}
