import pg from 'pg';
import { StartError, TYPED } from '#runtime';
import { keyMistake, VERSION, type StoredVersion } from './erasures.js';
import { MIGRATIONS, MIGRATIONS_TABLE } from './migrations.js';
import { sessionSettings } from './session.js';

/** What is asked of the tables before a process starts takes milliseconds. ms */
const LONGEST_QUESTION = 30_000;

/**
 * Checks that the tables are as new as this version needs, and that the key is there that they need. Newer tables are
 * fine: versions run side by side.
 * @param erasureKey null: there is none
 * @throws StartError when migrations are pending, or the key is missing or another
 */
export async function requireSchema(databaseUrl: string, erasureKey: string | null): Promise<void> {
  const client = new pg.Client({
    connectionString: databaseUrl,
    application_name: 'quittance-schema',
    ...sessionSettings(LONGEST_QUESTION),
  });
  // The next question says what is wrong; without a listener the process would end here.
  client.on('error', () => undefined);
  await client.connect();
  try {
    const done = await migrationsDone(client);
    if (!MIGRATIONS.every(({ name }) => done.has(name))) {
      throw new StartError(`the tables are older than this version: run the migrations first (${TYPED.migrate})`);
    }
    const { rows } = await client.query<StoredVersion>(VERSION.text);
    const mistake = keyMistake(erasureKey, rows[0]!);
    if (mistake !== null) throw new StartError(mistake);
  } finally {
    await client.end();
  }
}

async function migrationsDone(client: pg.Client): Promise<ReadonlySet<string>> {
  const { rows: tables } = await client.query<{ there: boolean }>('SELECT to_regclass($1) IS NOT NULL AS there', [
    MIGRATIONS_TABLE,
  ]);
  if (!tables[0]!.there) return new Set();
  const { rows } = await client.query<{ name: string }>(`SELECT name FROM ${MIGRATIONS_TABLE}`);
  return new Set(rows.map(({ name }) => name));
}
