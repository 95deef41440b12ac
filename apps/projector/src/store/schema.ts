import { setTimeout as sleep } from 'node:timers/promises';
import { StartError } from '#runtime';
import { MigrationExecutor, QueryFailedError, type DataSource } from 'typeorm';
import { mendIndexes } from './concurrent-index.js';
import { createDataSource } from './data-source.js';

/** ms */
const LOCK_ASKED_EVERY = 200;
/**
 * A migration needs some tables for itself for an instant. Whoever comes while it waits for that waits behind it, so it
 * waits briefly, and then lets them all go first. ms
 */
const LOCK_TIMEOUT = 1_000;
const LOCK_REST = 3_000;
/** A migration that gets no lock for so long is given up: somebody must look. ms */
const LOCK_PATIENCE = 5 * 60_000;
/** https://www.postgresql.org/docs/current/errcodes-appendix.html */
const LOCK_NOT_AVAILABLE = '55P03';

/** The transaction that has held a lock on one of the tables for longest. */
const HOLDER = `SELECT pid, application_name AS name, xact_start AS since FROM pg_stat_activity
  WHERE pid <> pg_backend_pid() AND xact_start IS NOT NULL AND pid IN
    (SELECT l.pid FROM pg_locks l JOIN pg_class t ON t.oid = l.relation WHERE l.granted AND t.relname = ANY ($1))
  ORDER BY xact_start LIMIT 1`;

/** How migrations wait for tables that are in use. */
export interface MigrateOptions {
  /** ms */
  readonly patience?: number;
  /** Told, in a sentence, who is in the way each time that a lock was not to be had. */
  readonly onWaiting?: (holder: string) => void;
}

/**
 * Brings the tables up to date, and makes invalid indexes anew; does nothing where there is nothing to do. Several at
 * once wait for each other. Projectors may write meanwhile: none waits for longer than a moment.
 * @returns what was migrated and what was mended, by name
 * @throws StartError when somebody keeps the tables from it for too long; what was done stays done
 */
export async function migrate(databaseUrl: string, options: MigrateOptions = {}): Promise<readonly string[]> {
  const dataSource = createDataSource(databaseUrl);
  await dataSource.initialize();
  try {
    // Two runs at once would both create the first table: the second waits here and then finds nothing to do. It asks
    // again and again, because an index that is made concurrently waits for every statement that is under way: also for
    // one that waits for this lock, for ever.
    while (!(await isAlone(dataSource))) await sleep(LOCK_ASKED_EVERY);
    await dataSource.query(`SET lock_timeout = ${LOCK_TIMEOUT}`);
    const pending = await new MigrationExecutor(dataSource).getPendingMigrations();
    await runMigrations(dataSource, options);
    return [...pending.map(({ name }) => name), ...(await mendIndexes(dataSource, tablesOf(dataSource)))];
  } finally {
    await dataSource.destroy();
  }
}

async function runMigrations(
  dataSource: DataSource,
  { patience = LOCK_PATIENCE, onWaiting }: MigrateOptions,
): Promise<void> {
  const deadline = performance.now() + patience;
  for (;;) {
    try {
      await dataSource.runMigrations();
      return;
    } catch (error) {
      if (!isLockTimeout(error)) throw error;
      const holder = await holderOf(dataSource);
      if (performance.now() > deadline) {
        throw new StartError(
          `the tables cannot be changed, because they are in use: ${holder}; wait for it or end it, and migrate again`,
          { cause: error },
        );
      }
      onWaiting?.(holder);
      await sleep(LOCK_REST);
    }
  }
}

function isLockTimeout(error: unknown): boolean {
  return (
    error instanceof QueryFailedError &&
    (error.driverError as Error & { readonly code?: string }).code === LOCK_NOT_AVAILABLE
  );
}

async function holderOf(dataSource: DataSource): Promise<string> {
  const [holder] = await dataSource.query<{ pid: number; name: string; since: Date }[]>(HOLDER, [tablesOf(dataSource)]);
  if (holder === undefined) return 'by transactions that come and go';
  return `by process ${holder.pid} of Postgres (${holder.name || 'no name'}), in a transaction since ${holder.since.toISOString()}`;
}

function tablesOf({ entityMetadatas }: DataSource): string[] {
  return entityMetadatas.map(({ tableName }) => tableName);
}

async function isAlone(dataSource: DataSource): Promise<boolean> {
  const [row] = await dataSource.query<{ alone: boolean }[]>('SELECT pg_try_advisory_lock(hashtext($1)) AS alone', [
    'quittance migrations',
  ]);
  return row!.alone;
}
