import { randomBytes } from 'node:crypto';
import pg from 'pg';

/** A database that no other test uses, and a session in it. */
export interface OwnDatabase {
  readonly url: string;
  readonly session: pg.Client;
  /** Ends all sessions, and drops it. */
  drop(): Promise<void>;
}

/** Makes a database that nothing is in yet. */
export async function createDatabase(): Promise<OwnDatabase> {
  const server = process.env.TEST_DATABASE_URL!;
  const name = `t${randomBytes(6).toString('hex')}`;
  const url = Object.assign(new URL(server), { pathname: `/${name}` }).href;
  const admin = new pg.Client({ connectionString: server });
  const session = new pg.Client({ connectionString: url });
  await admin.connect();
  await admin.query(`CREATE DATABASE ${name}`);
  await session.connect();
  return {
    url,
    session,
    drop: async () => {
      await session.end();
      await admin.query(`DROP DATABASE ${name} WITH (FORCE)`);
      await admin.end();
    },
  };
}
