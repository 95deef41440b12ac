import pg from 'pg';
import { migrate } from '../../apps/projector/src/store/schema.js';
import type { Stage } from './stage.js';

/** What the copy of a database is called. */
function backupOf(name: string): string {
  return `${name}_backup`;
}

/** Copies the installation's database as it is at one moment, as a base backup does; its sessions end for that. */
export async function backUp(stage: Stage): Promise<void> {
  const name = nameOf(stage);
  await withoutSessions(stage, (server) => server.query(`CREATE DATABASE ${backupOf(name)} TEMPLATE ${name}`));
}

/** The database is gone, and its copy takes its place. */
export async function restore(stage: Stage): Promise<void> {
  const name = nameOf(stage);
  await withoutSessions(stage, async (server) => {
    await server.query(`DROP DATABASE ${name} WITH (FORCE)`);
    await server.query(`ALTER DATABASE ${backupOf(name)} RENAME TO ${name}`);
  });
}

/** The database is gone, and an empty one takes its place, with tables. */
export async function beginAnew(stage: Stage): Promise<void> {
  const name = nameOf(stage);
  await withoutSessions(stage, async (server) => {
    await server.query(`DROP DATABASE ${name} WITH (FORCE)`);
    await server.query(`CREATE DATABASE ${name}`);
  });
  await migrate(stage.installation.databaseUrl);
}

function nameOf({ installation }: Pick<Stage, 'installation'>): string {
  return new URL(installation.databaseUrl).pathname.slice(1);
}

/** While nobody else is in the database: whoever is sees the server going away. */
async function withoutSessions(
  { servers, installation }: Stage,
  work: (server: pg.Client) => Promise<unknown>,
): Promise<void> {
  servers.postgresLine.takeDown();
  const server = new pg.Client({ connectionString: servers.postgres.databaseUrl });
  await server.connect();
  try {
    const name = nameOf({ installation });
    await server.query('SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity WHERE datname = $1', [name]);
    await work(server);
  } finally {
    await server.end();
    servers.postgresLine.mend();
  }
}
