import type { ClientBase, Pool } from 'pg';
import type { Fact } from '../merge/fact-set.js';
import type { AggregateTable, Column } from '../store/aggregates.js';
import { query } from '../store/query.js';
import type { Fields } from '../kinds.js';

/** A row with everything that it shows, as text. */
export interface StoredRow {
  readonly key: string;
  readonly version: number;
  /** 0 in a table whose changes are not counted. */
  readonly revision: number;
  readonly facts: readonly Fact<Fields>[];
  /** Those that its last writer knew of: what its last change was derived from. All, unless an older projector wrote it. */
  readonly seen: readonly Fact<Fields>[];
  /** Whether facts that belong beside the others stand among them, as a version wrote them. */
  readonly isMixed: boolean;
  /** Of which derivation its last change is. */
  readonly derivation: number;
  readonly columns: ShownColumns;
}

/** Columns by name; times as RFC 3339 in UTC with microseconds. */
export type ShownColumns = Readonly<Record<string, string | null>>;

/** Which rows of a table. */
export interface Page {
  /** The key of the last row of the page before; null: from the beginning. */
  readonly after: string | null;
  readonly limit: number;
  /** A condition on the columns. */
  readonly where?: Where;
  /** Keeps the rows as they are until the transaction ends. */
  readonly lock?: boolean;
}

/** An SQL condition with `?` for its values. */
export interface Where {
  readonly sql: string;
  readonly values: readonly unknown[];
}

/** That of rows from before derivations were numbered. */
const FIRST_DERIVATION = 1;

type Table = AggregateTable<Fields, Fields>;

/** Columns that are derived stand in a member of their own name, so ours carry a `#`. */
interface RawRow {
  readonly '#key': string;
  readonly '#version': number;
  readonly '#revision': number;
  readonly '#derivation': number | null;
  readonly facts: string;
  readonly beside: string | null;
  readonly overtaken: boolean;
  readonly [column: string]: unknown;
}

/** Rows in the order of their keys. */
export function readPage(client: ClientBase | Pool, table: Table, page: Page): Promise<StoredRow[]> {
  const conditions: Where[] = [];
  if (page.after !== null) conditions.push({ sql: `${table.key} > ?::uuid`, values: [page.after] });
  if (page.where) conditions.push(page.where);
  const tail = `ORDER BY ${table.key} LIMIT ${page.limit}${page.lock ? ' FOR NO KEY UPDATE' : ''}`;
  return select(client, table, conditions, tail);
}

/** The rows of these keys. */
export function readKeys(client: ClientBase | Pool, table: Table, keys: readonly string[]): Promise<StoredRow[]> {
  return select(client, table, [{ sql: `${table.key} = ANY (?::uuid[])`, values: [keys] }], `ORDER BY ${table.key}`);
}

/** What the columns of a row must say if its state is this. */
export function columnsOf(table: Table, state: Fields): ShownColumns {
  return Object.fromEntries(table.columns.map((column) => [column.name, shown(column, column.value(state))]));
}

/** The columns in which two rows differ. */
export function differingColumns(a: ShownColumns, b: ShownColumns): string[] {
  return Object.keys(a).filter((name) => a[name] !== b[name]);
}

async function select(
  client: ClientBase | Pool,
  table: Table,
  conditions: readonly Where[],
  tail: string,
): Promise<StoredRow[]> {
  let count = 0;
  const where = conditions.map(({ sql }) => sql.replaceAll('?', () => `$${(count += 1)}`)).join(' AND ');
  const text = `SELECT ${table.key} AS "#key", version AS "#version", ${table.counted ? 'revision' : '0'} AS "#revision",
      ${table.counted ? 'derivation' : '1'} AS "#derivation", ${table.factColumns}, ${table.columns.map(asText).join(', ')}
    FROM ${table.table} ${where === '' ? '' : `WHERE ${where}`} ${tail}`;
  const { rows } = await query<RawRow>(client, { text, values: conditions.flatMap(({ values }) => values) });
  return rows.map((row) => ({
    key: row['#key'],
    version: row['#version'],
    revision: row['#revision'],
    ...allFacts(table, row),
    derivation: row['#derivation'] ?? FIRST_DERIVATION,
    columns: Object.fromEntries(table.columns.map(({ name }) => [name, row[name] as string | null])),
  }));
}

function allFacts(table: Table, row: RawRow): Pick<StoredRow, 'facts' | 'seen' | 'isMixed'> {
  const { seen, unseen } = table.factsOf(row);
  const facts = unseen.length === 0 ? seen : table.united(seen, unseen);
  return { facts, seen, isMixed: row.beside === null && table.beside !== null && facts.some(table.beside.has) };
}

function asText({ name, type }: Column<Fields>): string {
  if (type !== 'timestamptz') return `${name}::text AS ${name}`;
  return `to_char(${name} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS ${name}`;
}

const INSTANT = /^(.+:\d\d)(?:\.(\d{1,6})\d*)?Z$/;

function shown({ type }: Column<Fields>, value: unknown): string | null {
  if (value === null || value === undefined) return null;
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  const instant = type === 'timestamptz' ? INSTANT.exec(text) : null;
  return instant === null ? text : `${instant[1]!}.${(instant[2] ?? '').padEnd(6, '0')}Z`;
}
