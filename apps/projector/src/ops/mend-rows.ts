import type { PoolClient } from 'pg';
import type { CanonicalEvent } from '#contracts';
import { DERIVATION } from '../merge/derivation.js';
import { sameJson } from '../merge/same-json.js';
import { mendingChange } from './announce-stored.js';
import type { Fields, Kind } from '../kinds.js';
import { columnsOf, differingColumns, type StoredRow } from './stored-rows.js';

/** A row that is not as its facts have it. */
export interface Mend {
  readonly row: StoredRow;
  /** What its facts amount to. */
  readonly state: Fields;
  /** Whether subscribers have, or may have, been told something else under the row's revision. */
  readonly isNews: boolean;
}

/** What is wrong with a row, as far as its own facts tell; null: nothing. */
export function mendOf(row: StoredRow, { table, projection }: Kind): Mend | null {
  // Emptied by hand: the topic fills it again.
  if (row.facts.length === 0) return null;
  const state = projection.derive(row.facts);
  const wrong = differingColumns(columnsOf(table, state), row.columns);
  const told = table.columns.filter(({ name, unpublished }) => !unpublished && wrong.includes(name));
  const isNews = told.length > 0 || (row.seen !== row.facts && !sameJson(toldState(row, projection), state));
  return isNews || wrong.length > 0 || row.isMixed ? { row, state, isNews } : null;
}

/**
 * As `mendOf`, and also where an older version derived what was told last, perhaps otherwise than this one: in what has no
 * column, nobody can see it any more.
 */
export function retellingOf(row: StoredRow, kind: Kind): Mend | null {
  const mend = mendOf(row, kind);
  if (mend?.isNews === true || row.facts.length === 0) return mend;
  if (!kind.table.counted || row.derivation === DERIVATION) return null;
  return { row, state: kind.projection.derive(row.facts), isNews: true };
}

/** What a row's last change said, as far as this version derives it; null: nobody knows. */
export function toldState({ seen }: StoredRow, { derive }: Kind['projection']): Fields | null {
  return seen.length === 0 ? null : derive(seen);
}

/**
 * Writes rows as their facts have them, those that are news under their next revision. The changes are for the caller to
 * publish, inside the transaction.
 * @throws TransientError when somebody has written one of them since it was read
 */
export async function mendRows(
  client: PoolClient,
  kind: Kind,
  mends: readonly Mend[],
  installation: string,
): Promise<readonly CanonicalEvent[]> {
  const changes: CanonicalEvent[] = [];
  const writes = [];
  for (const { row, state, isNews } of mends) {
    const change = isNews ? mendingChange(row, state, kind, installation) : null;
    if (change) changes.push(change);
    const revision = row.revision + (change ? 1 : 0);
    writes.push({ aggregate: { key: row.key, facts: row.facts, revision }, version: row.version, state });
  }
  await kind.table.write(client, writes);
  return changes;
}
