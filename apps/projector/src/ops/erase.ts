import type { PoolClient } from 'pg';
import type { CanonicalEvent } from '#contracts';
import { TYPED } from '#runtime';
import { joinErasures } from '../erasures/join-erasures.js';
import { eraseFacts, type Erasures } from '../merge/erasure.js';
import { sameJson } from '../merge/same-json.js';
import { changeRecord } from '../project-batch.js';
import { BEGIN_BEFORE_ERASURES, storeErasure } from '../store/erasures.js';
import { inTransaction } from '../store/transaction.js';
import { mendingChange } from './announce-stored.js';
import { goOnUnless } from './interruption.js';
import { KINDS, type Kind } from '../kinds.js';
import { toldState } from './mend-rows.js';
import { placesOf, type OpsContext } from './ops-context.js';
import { fractionOfKeys } from './progress.js';
import type { TablePosition } from './rederive.js';
import { insist } from './replay.js';
import { dropAbandoned } from './scratch-schema.js';
import { readPage, type StoredRow } from './stored-rows.js';

const ROWS_A_PAGE = 200;

/** Who is erased, and until when. */
export interface Erasure {
  /** Identifiers, see person-identifiers.ts. */
  readonly persons: readonly string[];
  readonly until: Date;
}

/**
 * Erases persons: first it is stored, so that no writer brings them back any more; then the rows that are there lose
 * what is personal.
 */
export async function erase(context: OpsContext, key: string, { persons, until }: Erasure): Promise<void> {
  await insist(context.signal, () =>
    inTransaction(context.pool, (client) => storeErasure(client, key, persons, until)),
  );
  // For the day on which these tables are lost.
  await insist(context.signal, () => joinErasures(placesOf(context)));
  // Rows of before, in tables that a `verify` which was killed has left behind.
  await insist(context.signal, () => inTransaction(context.pool, dropAbandoned));
  context.print(`stored: what was received before ${until.toISOString()} holds nothing personal from now on`);
  await eraseStored(context, null);
}

/**
 * Walks all tables in bounded steps; rows about anybody who has been erased lose what is personal, and subscribers are
 * told their new state. Rows of which nothing is left to erase are left alone, so it may run any number of times.
 */
export async function eraseStored(context: OpsContext, from: TablePosition | null): Promise<void> {
  let position = from ?? { table: KINDS[0]!.table.table, after: null };
  const counts = new Map<string, number>();
  let published = 0;
  try {
    const first = KINDS.findIndex(({ table }) => table.table === position.table);
    for (const kind of KINDS.slice(first)) {
      if (kind.projection.erasure === undefined) continue;
      const name = kind.table.table;
      const progress = context.progress(`erasing in ${name}`, 'rows');
      let rows = 0;
      for (let after = from?.table === name ? from.after : null; ; after = position.after) {
        position = { table: name, after };
        goOnUnless(context.signal);
        const page = await insist(context.signal, () => erasePage(context, kind, after));
        counts.set(name, (counts.get(name) ?? 0) + page.erased);
        published += page.published;
        if (page.last === null) break;
        position = { table: name, after: page.last };
        rows += page.rows;
        progress.report(rows, fractionOfKeys(page.last));
      }
      progress.end();
    }
  } catch (error) {
    context.print(`stopped; to go on: ${TYPED.ops} erase --resume ${position.table}:${position.after ?? ''}`);
    throw error;
  }
  const rows = [...counts].map(([table, count]) => `${count} rows of ${table}`).join(', ');
  context.print(`erased ${rows}; ${published} changes published`);
}

async function erasePage(context: OpsContext, kind: Kind, after: string | null) {
  const work = async (client: PoolClient) => {
    const erasures = await context.erasures.current(client);
    const rows = erasures === null ? [] : await readPage(client, kind.table, { after, limit: ROWS_A_PAGE });
    const changes: CanonicalEvent[] = [];
    const writes = [];
    for (const row of rows) {
      const facts = erasedFacts(row, kind, erasures!);
      if (facts === row.facts) continue;
      const state = kind.projection.derive(facts);
      const isNews = !sameJson(state, toldState(row, kind.projection));
      const change = isNews ? mendingChange({ ...row, facts }, state, kind, context.installation) : null;
      if (change) changes.push(change);
      const revision = row.revision + (change ? 1 : 0);
      writes.push({ aggregate: { key: row.key, facts, revision }, version: row.version, state });
    }
    await kind.table.write(client, writes);
    await context.publishAll(changes.map((each) => changeRecord(each, context.topics)));
    return { rows: rows.length, erased: writes.length, published: changes.length, last: rows.at(-1)?.key ?? null };
  };
  return inTransaction(context.pool, work, BEGIN_BEFORE_ERASURES);
}

/** The facts of a row as they must be; the same array where they are. */
export function erasedFacts(row: StoredRow, { projection }: Kind, erasures: Erasures): StoredRow['facts'] {
  return projection.erasure === undefined ? row.facts : eraseFacts(row.facts, projection.erasure, erasures);
}
