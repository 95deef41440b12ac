import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { StartError } from '#runtime';
import { query } from '../store/query.js';
import { sessionSettings } from '../store/session.js';
import { KINDS } from '../kinds.js';
import { LONGEST_STATEMENT } from './ops-context.js';

const PREFIX = 'quittance_verify_';
const CONNECTIONS = 5;

/** Empty tables beside the live ones, in a schema of their own, of which nothing else knows. */
export interface ScratchSchema {
  /** Sessions that see the scratch tables, and no others of ours. */
  readonly pool: pg.Pool;
  /** Removes everything. */
  drop(): Promise<void>;
}

/**
 * Makes a scratch schema. Those of runs that were killed are removed: a run holds a lock on the name of its own as long
 * as it lives.
 */
export async function createScratchSchema(databaseUrl: string): Promise<ScratchSchema> {
  const name = `${PREFIX}${randomBytes(6).toString('hex')}`;
  const keeper = new pg.Client({
    connectionString: databaseUrl,
    application_name: 'quittance-verify',
    ...sessionSettings(LONGEST_STATEMENT),
  });
  keeper.on('error', () => undefined);
  await keeper.connect();
  try {
    await query(keeper, { text: 'SELECT pg_advisory_lock(hashtext($1))', values: [name] });
    await dropAbandoned(keeper);
    await query(keeper, { text: `CREATE SCHEMA ${name}` });
    for (const { table } of KINDS) {
      // Unlogged and without indexes but the key's: it lives as long as one comparison.
      const columns = `LIKE ${table.table} INCLUDING DEFAULTS INCLUDING GENERATED`;
      await query(keeper, {
        text: `CREATE UNLOGGED TABLE ${name}.${table.table} (${columns}, PRIMARY KEY (${table.key}))`,
      });
    }
    // Who has been erased is erased in what is replayed too.
    for (const table of ['erasure', 'erasure_version']) {
      await query(keeper, { text: `CREATE VIEW ${name}.${table} AS TABLE ${table}` });
    }
  } catch (error) {
    await keeper.query(`DROP SCHEMA IF EXISTS ${name} CASCADE`).catch(() => undefined);
    await keeper.end();
    throw error;
  }
  const pool = new pg.Pool({
    connectionString: within(databaseUrl, name),
    application_name: 'quittance-verify',
    max: CONNECTIONS,
    ...sessionSettings(LONGEST_STATEMENT),
  });
  pool.on('error', () => undefined);
  const drop = async (): Promise<void> => {
    await pool.end();
    await keeper.query(`DROP SCHEMA IF EXISTS ${name} CASCADE`);
    await keeper.end();
  };
  try {
    await requireScratch(pool, name);
  } catch (error) {
    await drop();
    throw error;
  }
  return { pool, drop };
}

/** The address with the schema as all that its sessions see. */
function within(databaseUrl: string, schema: string): string {
  const url = new URL(databaseUrl);
  const options = url.searchParams.get('options');
  url.searchParams.set('options', `${options === null ? '' : `${options} `}-c search_path=${schema}`);
  return url.href;
}

/** What is replayed must never land in the live tables, whatever stands between us and the server. */
async function requireScratch(pool: pg.Pool, schema: string): Promise<void> {
  const { rows } = await query<{ search_path: string }>(pool, { text: 'SHOW search_path' });
  if (rows[0]?.search_path !== schema) {
    throw new StartError('the session does not keep its search_path: let DATABASE_URL lead to the server itself');
  }
}

/** Removes the scratch schemas of runs that were killed. */
export async function dropAbandoned(client: pg.ClientBase): Promise<void> {
  const { rows } = await query<{ nspname: string }>(client, {
    text: `SELECT nspname FROM pg_namespace WHERE nspname ~ '^${PREFIX}[0-9a-f]{12}$'`,
  });
  for (const { nspname } of rows) {
    const lock = { text: 'SELECT pg_try_advisory_lock(hashtext($1)) AS free', values: [nspname] };
    if ((await query<{ free: boolean }>(client, lock)).rows[0]?.free !== true) continue;
    await query(client, { text: `DROP SCHEMA IF EXISTS ${nspname} CASCADE` });
    await query(client, { text: 'SELECT pg_advisory_unlock(hashtext($1))', values: [nspname] });
  }
}
