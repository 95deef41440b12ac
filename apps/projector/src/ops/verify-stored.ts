import type { Checksum } from './checksum.js';
import { compareWithFacts } from './compare-rows.js';
import type { Differences } from './differences.js';
import { erasedFacts } from './erase.js';
import { goOnUnless } from './interruption.js';
import { KINDS, type Kind } from '../kinds.js';
import type { OpsContext } from './ops-context.js';
import { fractionOfKeys } from './progress.js';
import { inTransaction } from '../store/transaction.js';
import { insist } from './replay.js';
import { readPage, type StoredRow } from './stored-rows.js';

const ROWS_A_PAGE = 200;

/**
 * Derives every stored row again from its own facts and compares what its columns show, and looks for persons that have
 * been erased. A row and its facts are read as one.
 */
export async function verifyStored(context: OpsContext, differences: Differences, checksum: Checksum): Promise<void> {
  const erasures = await inTransaction(context.pool, (client) => context.erasures.current(client));
  for (const kind of KINDS) {
    const name = kind.table.table;
    const progress = context.progress(`deriving ${name}`, 'rows');
    let rows = 0;
    let after: string | null = null;
    for (;;) {
      goOnUnless(context.signal);
      const page = await nextPage(context, kind, after);
      for (const row of page) {
        checksum.add(name, row);
        for (const difference of compareWithFacts(row, kind)) differences.add(difference);
        if (erasures !== null && erasedFacts(row, kind, erasures) !== row.facts) {
          differences.add({
            table: name,
            key: row.key,
            column: 'facts',
            detail: 'are about somebody who has been erased',
          });
        }
      }
      if (page.length === 0) break;
      rows += page.length;
      after = page.at(-1)!.key;
      progress.report(rows, fractionOfKeys(after));
    }
    progress.end();
  }
}

function nextPage(context: OpsContext, kind: Kind, after: string | null): Promise<StoredRow[]> {
  return insist(context.signal, () => readPage(context.pool, kind.table, { after, limit: ROWS_A_PAGE }));
}
