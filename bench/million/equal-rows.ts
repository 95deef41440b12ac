import pg from 'pg';

/** The tables that hold what is true, and their keys. */
const TABLES = {
  message: 'message_key',
  mobile_originated: 'event_id',
  review: 'review_key',
  account_status: 'subject_key',
} as const;

type Table = keyof typeof TABLES;

/** How two databases compare. */
export interface Comparison {
  /** Rows of the first one. */
  readonly rows: number;
  /** Rows that differ, or that only one of them has. */
  readonly different: number;
  /** What differs: tables, keys and columns, no values. At most `MOST_SHOWN` lines. */
  readonly shown: readonly string[];
}

const MOST_SHOWN = 20;
const FETCHED_AT_ONCE = 5_000;

/**
 * What a row comes to: everything but how often and when it was written, which no two runs have in common, and which of
 * several receipts of a fact was the first.
 */
function digestOf(table: Table, key: string): string {
  return `SELECT ${key}::text AS key, md5(${COLUMNS}::text) AS columns, md5(${FACTS}::text) AS facts
    FROM ${table} AS t ORDER BY ${key}`;
}

const COLUMNS = `(to_jsonb(t) - ARRAY['facts', 'revision', 'version', 'written_at'])`;
const FACTS = `(SELECT jsonb_agg(fact::jsonb - ARRAY['receiptId', 'rawPosition'] ORDER BY at)
  FROM json_array_elements(t.facts) WITH ORDINALITY AS listed (fact, at))`;

interface Digest {
  readonly key: string;
  readonly columns: string;
  readonly facts: string;
}

/** Compares every row of two databases, without ever holding more than a few thousand of them. */
export async function compareDatabases(
  calm: string,
  other: string,
  onRow: (rows: number) => void,
): Promise<Comparison> {
  const clients = [calm, other].map((connectionString) => new pg.Client({ connectionString })) as [
    pg.Client,
    pg.Client,
  ];
  const [a, b] = clients;
  const shown: string[] = [];
  let [rows, different] = [0, 0];
  const note = (line: string): void => {
    different += 1;
    if (shown.length < MOST_SHOWN) shown.push(line);
  };
  await Promise.all(clients.map((client) => client.connect()));
  try {
    for (const [table, key] of Object.entries(TABLES) as [Table, string][]) {
      for await (const [left, right] of pairs(digests(a, table, key), digests(b, table, key))) {
        if (left !== null) onRow((rows += 1));
        if (left === null) note(`${table} ${right!.key}: only after the disorder`);
        else if (right === null) note(`${table} ${left.key}: missing after the disorder`);
        else if (left.columns !== right.columns || left.facts !== right.facts) {
          note(`${table} ${left.key}: ${(await differingColumns(clients, table, key, left)).join(', ')}`);
        }
      }
    }
  } finally {
    await Promise.all(clients.map((client) => client.end()));
  }
  return { rows, different, shown };
}

/** Rows with equal keys side by side; null where there is none. Both come in the order of their keys. */
async function* pairs(
  lefts: AsyncGenerator<Digest>,
  rights: AsyncGenerator<Digest>,
): AsyncGenerator<readonly [Digest | null, Digest | null]> {
  let [left, right] = await Promise.all([lefts.next(), rights.next()]);
  while (left.done !== true || right.done !== true) {
    const [l, r] = [left.done === true ? null : left.value, right.done === true ? null : right.value];
    const [takesLeft, takesRight] = [
      r === null || (l !== null && l.key <= r.key),
      l === null || (r !== null && r.key <= l.key),
    ];
    yield [takesLeft ? l : null, takesRight ? r : null];
    if (takesLeft) left = await lefts.next();
    if (takesRight) right = await rights.next();
  }
}

async function* digests(client: pg.Client, table: Table, key: string): AsyncGenerator<Digest> {
  await client.query(`BEGIN; DECLARE digests NO SCROLL CURSOR FOR ${digestOf(table, key)}`);
  for (;;) {
    const { rows } = await client.query<Digest>(`FETCH ${FETCHED_AT_ONCE} FROM digests`);
    if (rows.length === 0) break;
    yield* rows;
  }
  await client.query('COMMIT');
}

/** Names of the columns in which two rows differ. */
async function differingColumns(
  clients: readonly pg.Client[],
  table: Table,
  key: string,
  { key: value }: Digest,
): Promise<readonly string[]> {
  const found = await Promise.all(
    clients.map((client) =>
      client.query<{ readonly row: Readonly<Record<string, unknown>> }>(
        `SELECT ${COLUMNS} || jsonb_build_object('facts', ${FACTS}) AS row FROM ${table} AS t WHERE ${key} = $1`,
        [value],
      ),
    ),
  );
  const [left = {}, right = {}] = found.map(({ rows }) => rows[0]?.row);
  return Object.keys(left).filter((name) => JSON.stringify(left[name]) !== JSON.stringify(right[name]));
}
