import { execFile } from 'node:child_process';
import { chownSync, existsSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import pg from 'pg';
import { anyFreePort } from './ports.js';
import type { Account } from './postgres-account.js';
import { postgresAccount } from './postgres-account.js';
import type { PostgresFiles } from './postgres-files.js';
import { giveTo, postgresFiles } from './postgres-files.js';
import { startServer, type ServerProcess } from './server-process.js';

const run = promisify(execFile);

/** User, password and database of a server that only listens on the loopback address. */
const NAME = 'quittance';

/** Which server to start. */
export interface PostgresOptions {
  /** Everything that the server keeps, or says where it is. With the data of an earlier run, it goes on from there. */
  readonly dataDirectory: string;
  /** Default: any free port. */
  readonly port?: number;
  /** Default: `server.log` in the data directory. */
  readonly logFile?: string;
  /** How long the server may take until it is ready, in ms; recovery after a crash included. Default 60 s. */
  readonly timeoutMs?: number;
  /** More settings, such as `ssl=on`. */
  readonly settings?: readonly string[];
  /** Told the pid as soon as there is one. */
  readonly onSpawn?: (pid: number) => void;
}

/** A server that runs. */
export interface PostgresServer extends ServerProcess {
  /** For clients, password included. */
  readonly databaseUrl: string;
  readonly port: number;
  readonly dataDirectory: string;
}

/**
 * Starts a real PostgreSQL server on the loopback address, with a database of our name, and waits until it takes
 * queries. The programs come from npm. fsync stays on: what is measured and tested here has to mean something.
 */
export async function startPostgres(options: PostgresOptions): Promise<PostgresServer> {
  const { dataDirectory } = options;
  const account = postgresAccount();
  const files = postgresFiles(dataDirectory, account);
  if (!existsSync(files.data)) await initialise(files, account);

  const port = options.port ?? (await anyFreePort());
  const logFile = options.logFile ?? join(dataDirectory, 'server.log');
  const settings = ['listen_addresses=127.0.0.1', 'unix_socket_directories=', 'fsync=on', 'max_wal_size=2GB'].concat(
    options.settings ?? [],
  );
  const server = await startServer({
    name: 'Postgres',
    where: `on port ${port}`,
    command: join(files.bin, 'postgres'),
    args: ['-D', files.data, '-p', String(port), ...settings.flatMap((setting) => ['-c', setting])],
    logFile,
    // It would look for its working directory, and not be let in.
    cwd: dirname(files.data),
    env: serverEnvironment(),
    ...(account === null ? {} : { user: account }),
    isReady: () => hasDatabase(port),
    timeoutMs: options.timeoutMs,
    // "Fast shutdown" (https://www.postgresql.org/docs/18/server-shutdown.html); SIGTERM would wait for clients.
    stopSignal: 'SIGINT',
    onSpawn: options.onSpawn,
  });
  return { ...server, databaseUrl: urlOf(port, NAME), port, dataDirectory };
}

/** Whether a Postgres answers at an address. */
export async function isPostgresReachable(databaseUrl: string): Promise<boolean> {
  try {
    const client = new pg.Client({ connectionString: databaseUrl, connectionTimeoutMillis: 5_000 });
    client.on('error', () => undefined);
    await client.connect();
    await client.end();
    return true;
  } catch {
    return false;
  }
}

async function initialise(files: PostgresFiles, account: Account | null): Promise<void> {
  // Under another name first: a half-made directory must not pass for a whole one.
  const partial = `${files.data}.partial`;
  const passwordFile = `${files.data}.password`;
  rmSync(partial, { recursive: true, force: true });
  giveTo(partial, account);
  writeFileSync(passwordFile, NAME, { mode: 0o600 });
  if (account !== null) chownSync(passwordFile, account.uid, account.gid);
  const flags = [`--username=${NAME}`, `--pwfile=${passwordFile}`, '--auth=scram-sha-256', '--encoding=UTF8'];
  try {
    await run(join(files.bin, 'initdb'), [`--pgdata=${partial}`, ...flags, '--locale=C'], {
      cwd: partial,
      env: serverEnvironment(),
      ...account,
    });
  } finally {
    rmSync(passwordFile, { force: true });
  }
  renameSync(partial, files.data);
}

/** Creates the database if the server takes queries and has none of our name. */
async function hasDatabase(port: number): Promise<boolean> {
  const client = new pg.Client({ connectionString: urlOf(port, 'postgres'), connectionTimeoutMillis: 2_000 });
  client.on('error', () => undefined);
  try {
    await client.connect();
    const found = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [NAME]);
    if (found.rowCount === 0) await client.query(`CREATE DATABASE ${NAME}`);
    return true;
  } catch {
    return false;
  } finally {
    await client.end().catch(() => undefined);
  }
}

function urlOf(port: number, database: string): string {
  return `postgresql://${NAME}:${NAME}@127.0.0.1:${port}/${database}`;
}

/** Without the PG* variables and locale of whoever starts it: they would change what the server is. */
function serverEnvironment(): NodeJS.ProcessEnv {
  const entries = Object.entries(process.env).filter(([name]) => !/^(PG|LC_|LANG)/.test(name));
  return { ...Object.fromEntries(entries), LC_ALL: 'C', TZ: 'UTC' };
}
