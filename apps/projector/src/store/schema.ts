import { StartError } from '#runtime';
import { createDataSource } from './data-source.js';

/** Brings the tables up to date; does nothing where they are. Several at once wait for each other. */
export async function migrate(databaseUrl: string): Promise<readonly string[]> {
  const dataSource = createDataSource(databaseUrl);
  await dataSource.initialize();
  try {
    // Two runs at once would both create the first table: the second waits here and then finds nothing to do.
    await dataSource.query('SELECT pg_advisory_lock(hashtext($1))', ['quittance migrations']);
    const migrations = await dataSource.runMigrations();
    return migrations.map(({ name }) => name);
  } finally {
    await dataSource.destroy();
  }
}

/**
 * Checks that the tables are as new as this version needs.
 * @throws StartError when migrations are pending
 */
export async function requireSchema(databaseUrl: string): Promise<void> {
  const dataSource = createDataSource(databaseUrl);
  await dataSource.initialize();
  try {
    if (await dataSource.showMigrations()) {
      throw new StartError('the tables are older than this version: run the migrations first (npm run migrate)');
    }
  } finally {
    await dataSource.destroy();
  }
}
