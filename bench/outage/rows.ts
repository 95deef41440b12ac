import type { Installation } from '../installation.js';
import { number } from '../pipeline/stored.js';

/** What became of the receipts. */
export interface Rows {
  readonly rows: number;
  /** Receipts without the row that they amount to. */
  readonly wrong: number;
}

/**
 * Compares the rows with receipts 0 to `receipts` - 1 of `receipts.ts`, each of them, in the database: what is looked at
 * is what tells one receipt from another, the outcome, and that nothing is there twice.
 */
export async function compareRows(installation: Installation, receipts: number): Promise<Rows> {
  return {
    rows: await number(installation, 'SELECT count(*) AS number FROM message'),
    wrong: await number(
      installation,
      `SELECT count(*) AS number FROM generate_series(0, ${receipts - 1}) AS receipt
        LEFT JOIN message ON message_id = '9008' || lpad(receipt::text, 12, '0')
        WHERE message_key IS NULL OR status <> 'delivered' OR conflict OR revision <> 1 OR json_array_length(facts) <> 1
          OR recipient IS DISTINCT FROM '+86139' || lpad((receipt % 100000000)::text, 8, '0')`,
    ),
  };
}
