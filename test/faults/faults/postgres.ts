import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import { until } from '../../system/until.js';
import type { Fault } from '../fault.js';

/** What can become of Postgres. Receipts are taken all the while; rows wait. */
export const POSTGRES_FAULTS: readonly Fault[] = [
  {
    name: 'postgres-killed',
    about: 'Postgres is killed, and started again when the projector has said that it is not ready',
    quick: true,
    happen: async (stage) => {
      const { servers } = stage;
      servers.signalPostgres('SIGKILL');
      await servers.postgres.exited;
      await until('the projector says that it is not ready', async () => !(await stage.part('projector').ready()));
      await servers.startPostgres();
    },
  },
  {
    name: 'postgres-frozen',
    about: 'Postgres hangs for 20 s',
    happen: async ({ servers }) => {
      servers.signalPostgres('SIGSTOP');
      await delay(20_000);
      servers.signalPostgres('SIGCONT');
    },
  },
  {
    name: 'postgres-silent',
    about: 'the host of Postgres is gone without a word for 35 s; nothing in the old connections is ever answered',
    happen: async (stage) => {
      const { postgresLine } = stage.servers;
      postgresLine.swallow();
      const projector = stage.part('projector');
      // It waits for answers for longer than that, and must not look well meanwhile.
      await until('the projector says so', async () => !(await projector.ready()), { limit: 25_000 });
      await delay(20_000);
      postgresLine.mend();
    },
  },
  {
    name: 'postgres-full-up',
    about: 'others take every connection to Postgres while those of the projector are cut, for 15 s',
    happen: async ({ servers }) => {
      servers.postgresLine.takeDown();
      const others = await everyConnection(servers.postgres.databaseUrl);
      servers.postgresLine.mend();
      await delay(15_000);
      await Promise.all(others.map((client) => client.end()));
    },
  },
  {
    name: 'postgres-read-only',
    about: 'Postgres takes no writes for 10 s, as a standby does after a failover',
    happen: async (stage) => {
      const { rows } = await readOnly(stage.servers.postgres.databaseUrl, true);
      if (rows.length === 0) throw new Error('nothing was set');
      stage.servers.postgresLine.cut();
      await delay(10_000);
      await readOnly(stage.servers.postgres.databaseUrl, false);
      stage.servers.postgresLine.cut();
    },
  },
];

/** Connects until nobody is let in any more. */
async function everyConnection(databaseUrl: string): Promise<pg.Client[]> {
  const clients: pg.Client[] = [];
  for (;;) {
    const client = new pg.Client({ connectionString: databaseUrl });
    client.on('error', () => undefined);
    try {
      await client.connect();
      clients.push(client);
    } catch {
      return clients;
    }
  }
}

/** For every session that begins from now on. */
async function readOnly(databaseUrl: string, is: boolean): Promise<pg.QueryResult> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    await client.query(`SET default_transaction_read_only = off`);
    await client.query(`ALTER SYSTEM SET default_transaction_read_only = ${is ? 'on' : 'off'}`);
    return await client.query('SELECT pg_reload_conf()');
  } finally {
    await client.end();
  }
}
