import { changeRecord } from '../project-batch.js';
import { inTransaction } from '../store/transaction.js';
import { goOnUnless } from './interruption.js';
import { KINDS, type Kind } from '../kinds.js';
import { mendOf, mendRows } from './mend-rows.js';
import type { OpsContext } from './ops-context.js';
import { fractionOfKeys } from './progress.js';
import { insist } from './replay.js';
import { readPage } from './stored-rows.js';

const ROWS_A_PAGE = 200;

/** Where deriving stored rows has come to; null: at the beginning of that table. */
export interface TablePosition {
  readonly table: string;
  readonly after: string | null;
}

/** What deriving stored rows came to. */
export interface Rederived {
  readonly rows: number;
  readonly mended: number;
  readonly changes: number;
}

/**
 * Derives every row again from the facts that it holds, in bounded steps, and writes and publishes those that say
 * something else. It needs no topic, so it also serves rows whose events are long gone.
 * @param onPosition told how far it is, after every page
 */
export async function rederiveStored(
  context: OpsContext,
  from: TablePosition | null,
  onPosition: (position: TablePosition) => void,
): Promise<Rederived> {
  let rows = 0;
  let mended = 0;
  let changes = 0;
  const first = from === null ? 0 : KINDS.findIndex(({ table }) => table.table === from.table);
  for (const kind of KINDS.slice(first)) {
    const name = kind.table.table;
    const progress = context.progress(`deriving ${name}`, 'rows');
    let after = from?.table === name ? from.after : null;
    onPosition({ table: name, after });
    for (;;) {
      goOnUnless(context.signal);
      const page = await insist(context.signal, () => rederivePage(context, kind, after));
      rows += page.rows;
      mended += page.mended;
      changes += page.changes;
      if (page.last === null) break;
      after = page.last;
      onPosition({ table: name, after });
      progress.report(rows, fractionOfKeys(after));
    }
    progress.end();
  }
  return { rows, mended, changes };
}

async function rederivePage(context: OpsContext, kind: Kind, after: string | null) {
  return inTransaction(context.pool, async (client) => {
    const rows = await readPage(client, kind.table, { after, limit: ROWS_A_PAGE });
    const mends = rows.flatMap((row) => mendOf(row, kind) ?? []);
    const changes = await mendRows(client, kind, mends, context.installation);
    await context.publishAll(changes.map((change) => changeRecord(change, context.topics)));
    return { rows: rows.length, mended: mends.length, changes: changes.length, last: rows.at(-1)?.key ?? null };
  });
}
