import { canonicalJson } from '#contracts';
import type { Fact } from '../merge/fact-set.js';
import { MAX_FACTS, MAX_FACTS_SIZE } from '../merge-events.js';
import { describeValue, type Difference } from './differences.js';
import type { Fields, Kind } from '../kinds.js';
import type { TopicReach } from './topic-reach.js';
import { columnsOf, differingColumns, type StoredRow } from './stored-rows.js';

/**
 * What comparing a row with the replay gave: differences, if any; or that part of its facts has left the topic, so that
 * only what is still there could be looked for.
 */
export interface Comparison {
  readonly differences: readonly Difference[];
  readonly isOlder: boolean;
}

const EQUAL: Comparison = { differences: [], isOlder: false };
const OLDER: Comparison = { differences: [], isOlder: true };

/** The columns that do not show what the row's own facts amount to. */
export function compareWithFacts(row: StoredRow, { table, projection }: Kind): Difference[] {
  if (row.facts.length === 0) {
    return [{ table: table.table, key: row.key, column: 'facts', detail: 'are none' }];
  }
  const derived = columnsOf(table, projection.derive(row.facts));
  return differingColumns(derived, row.columns).map((column) => ({
    table: table.table,
    key: row.key,
    column,
    detail: `stored ${describeValue(column, row.columns[column]!)}, its facts say ${describeValue(column, derived[column]!)}`,
  }));
}

/**
 * Compares a live row with what replaying the topic made of the same key. At least one of them is there.
 * @param reach which facts the topic must still hold
 */
export function compareWithReplay(
  live: StoredRow | null,
  replayed: StoredRow | null,
  { table: { table }, eventKey }: Kind,
  reach: Pick<TopicReach, 'holds'>,
): Comparison {
  const key = (live ?? replayed)!.key;
  const differs = (column: string, detail: string): Comparison => ({
    differences: [{ table, key, column, detail }],
    isOlder: false,
  });
  if (live === null) return differs('row', `is missing; the topic holds ${replayed!.facts.length} facts about it`);
  const known = new Set(live.facts.map(({ id }) => id));
  const missing = (replayed?.facts ?? []).filter(({ id }) => !known.has(id)).length;
  if (missing > 0) {
    return isFull(live) ? OLDER : differs('facts', `${missing} facts of the topic are missing`);
  }
  const replayedFacts = new Map((replayed?.facts ?? []).map((fact) => [fact.id, fact]));
  // Where the first copy is there, so are those that came after it.
  const isWhole = (fact: Fact<Fields>): boolean =>
    replayedFacts.get(fact.id)?.receiptId === fact.receiptId || reach.holds(eventKey(key, fact.data), fact);
  if (!live.facts.every(isWhole)) return OLDER;
  const surplus = live.facts.filter(({ id }) => !replayedFacts.has(id)).length;
  if (surplus > 0 || replayed === null) {
    return isFull(live) ? OLDER : differs('facts', `${surplus} facts are not in the topic`);
  }
  const differences = [
    ...differingFields(live.facts, replayed.facts).map((column) => ({
      table,
      key,
      column,
      detail: 'differs from the topic',
    })),
    ...differingColumns(replayed.columns, live.columns).map((column) => ({
      table,
      key,
      column,
      detail: `stored ${describeValue(column, live.columns[column]!)}, the topic says ${describeValue(column, replayed.columns[column]!)}`,
    })),
  ];
  return differences.length === 0 ? EQUAL : { differences, isOlder: false };
}

/** A full row refuses facts, and which ones depends on the order in which they came. */
function isFull({ facts }: StoredRow): boolean {
  return facts.length >= MAX_FACTS || JSON.stringify(facts).length > MAX_FACTS_SIZE / 2;
}

/** Members of facts that differ, as `facts.status`; both sets have the same ids in the same order. */
function differingFields(a: readonly Fact<Fields>[], b: readonly Fact<Fields>[]): string[] {
  const names = new Set<string>();
  a.forEach((fact, at) => {
    const other = b[at]!;
    for (const name of membersOf(fact, other)) {
      if (name !== 'data' && !sameJson(fact[name as keyof typeof fact], other[name as keyof typeof other])) {
        names.add(`facts.${name}`);
      }
    }
    for (const name of membersOf(fact.data, other.data)) {
      if (!sameJson(fact.data[name], other.data[name])) names.add(`facts.${name}`);
    }
  });
  return [...names];
}

function membersOf(a: object, b: object): Set<string> {
  return new Set([...Object.keys(a), ...Object.keys(b)]);
}

function sameJson(a: unknown, b: unknown): boolean {
  if (a === undefined || b === undefined) return a === b;
  return canonicalJson(a) === canonicalJson(b);
}
