import { setTimeout as sleep } from 'node:timers/promises';
import { StartError } from '#runtime';
import type { DataSource } from 'typeorm';
import { createDataSource } from './data-source.js';
import { keyMistake, VERSION, type StoredVersion } from './erasures.js';

/** ms */
const LOCK_ASKED_EVERY = 200;

/** Brings the tables up to date; does nothing where they are. Several at once wait for each other. */
export async function migrate(databaseUrl: string): Promise<readonly string[]> {
  const dataSource = createDataSource(databaseUrl);
  await dataSource.initialize();
  try {
    // Two runs at once would both create the first table: the second waits here and then finds nothing to do. It asks
    // again and again, because an index that is made concurrently waits for every statement that is under way: also for
    // one that waits for this lock, for ever.
    while (!(await isAlone(dataSource))) await sleep(LOCK_ASKED_EVERY);
    const migrations = await dataSource.runMigrations();
    return migrations.map(({ name }) => name);
  } finally {
    await dataSource.destroy();
  }
}

async function isAlone(dataSource: DataSource): Promise<boolean> {
  const [row] = await dataSource.query<{ alone: boolean }[]>('SELECT pg_try_advisory_lock(hashtext($1)) AS alone', [
    'quittance migrations',
  ]);
  return row!.alone;
}

/**
 * Checks that the tables are as new as this version needs, and that the key is there that they need.
 * @param erasureKey null: there is none
 * @throws StartError when migrations are pending, or the key is missing or another
 */
export async function requireSchema(databaseUrl: string, erasureKey: string | null): Promise<void> {
  const dataSource = createDataSource(databaseUrl);
  await dataSource.initialize();
  try {
    if (await dataSource.showMigrations()) {
      throw new StartError('the tables are older than this version: run the migrations first (npm run migrate)');
    }
    const [version] = await dataSource.query<StoredVersion[]>(VERSION.text);
    const mistake = keyMistake(erasureKey, version!);
    if (mistake !== null) throw new StartError(mistake);
  } finally {
    await dataSource.destroy();
  }
}
