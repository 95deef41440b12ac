/** Whatever can run a statement outside a transaction, always in the same session. */
interface Session {
  query(statement: string, values?: unknown[]): Promise<unknown>;
}

/** Invalid ones of these tables, those of others' schemas left out. */
const INVALID = `SELECT i.relname AS name FROM pg_index
  JOIN pg_class i ON i.oid = indexrelid
  JOIN pg_class t ON t.oid = indrelid
  WHERE NOT indisvalid AND t.relname = ANY ($1) AND t.relnamespace = current_schema()::text::regnamespace
  ORDER BY 1`;

/** What a REINDEX CONCURRENTLY that was interrupted leaves beside the index: https://www.postgresql.org/docs/current/sql-reindex.html */
const LEFTOVER = /_cc(new|old)\d*$/;

/**
 * Makes an index while others write. Not in a transaction.
 * @param index what follows CREATE INDEX … ON
 */
export async function createIndexConcurrently(session: Session, name: string, index: string): Promise<void> {
  await withoutLockTimeout(session, async () => {
    // A run that was interrupted leaves an index behind that is not valid, and would never become so.
    await session.query(`DROP INDEX CONCURRENTLY IF EXISTS ${name}`);
    await session.query(`CREATE INDEX CONCURRENTLY ${name} ON ${index}`);
  });
}

/**
 * Makes anew what an interruption left invalid: such an index costs every write, and helps no query.
 * @returns the names of what was invalid
 */
export async function mendIndexes(session: Session, tables: readonly string[]): Promise<readonly string[]> {
  const invalid = (await session.query(INVALID, [tables])) as readonly { readonly name: string }[];
  for (const { name } of invalid) {
    await withoutLockTimeout(session, () =>
      session.query(
        LEFTOVER.test(name) ? `DROP INDEX CONCURRENTLY IF EXISTS "${name}"` : `REINDEX INDEX CONCURRENTLY "${name}"`,
      ),
    );
  }
  return invalid.map(({ name }) => name);
}

/** What is done concurrently waits for every transaction that is under way, and nobody who writes waits for it. */
async function withoutLockTimeout(session: Session, work: () => Promise<unknown>): Promise<void> {
  const [row] = (await session.query(`SELECT current_setting('lock_timeout') AS before`)) as [{ before: string }];
  await session.query('SET lock_timeout = 0');
  try {
    await work();
  } finally {
    await session.query(`SELECT set_config('lock_timeout', $1, false)`, [row.before]);
  }
}
