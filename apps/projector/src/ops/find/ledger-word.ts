import type { Pool } from 'pg';
import { BLOCK, blockOf } from '../../ledger/receipt-bits.js';
import { query } from '../../store/query.js';
import type { Position } from './positions.js';

/** How a receipt has ended, as the loss ledger knows it; `open`: not yet; null: the ledger does not know this receipt. */
export type LedgerWord = 'projected' | 'dead-lettered' | 'empty' | 'copied' | 'open' | null;

const WORD = `SELECT CASE
    WHEN get_bit(projected, $4) = 1 THEN 'projected'
    WHEN get_bit(dead_lettered, $4) = 1 THEN 'dead-lettered'
    WHEN get_bit(empty, $4) = 1 THEN 'empty'
    WHEN get_bit(copied, $4) = 1 THEN 'copied'
    ELSE 'open' END AS word
  FROM ledger_block WHERE topic_id = $1 AND partition = $2 AND block = $3`;

/** Asks the loss ledger about a raw receipt. One row, by its key. */
export async function ledgerWord(pool: Pool, topicId: string, { partition, offset }: Position): Promise<LedgerWord> {
  const at = Number(offset);
  const { rows } = await query<{ word: LedgerWord }>(pool, {
    text: WORD,
    values: [topicId, partition, blockOf(at), at % BLOCK],
  });
  return rows[0]?.word ?? null;
}
