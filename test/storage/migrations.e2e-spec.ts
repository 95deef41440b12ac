import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { migrate } from '../../apps/projector/src/store/schema.js';
import { Installation } from '../system/installation.js';
import { until } from '../system/until.js';

/** As if the version before were installed: the next run adds its columns and makes its index once more. */
const LAST_BUT_ONE = `DELETE FROM schema_migration WHERE name LIKE 'Submissions17%' RETURNING name`;
const INVALID = 'SELECT indexrelid::regclass::text AS name FROM pg_index WHERE NOT indisvalid';
/** Any write: it needs the lock that every projector needs. */
const WRITE = `UPDATE message SET version = version WHERE message_key = '00000000-0000-5000-8000-000000000001'`;

describe('migrations of tables that are in use', () => {
  let installation: Installation;
  let reader: pg.Client;
  let writer: pg.Client;

  beforeEach(async () => {
    installation = await Installation.create();
    // The lock_timeout of a projector: what waits for longer fails.
    const connectionString = installation.databaseUrl;
    [reader, writer] = [
      new pg.Client({ connectionString, application_name: 'pg_dump' }),
      new pg.Client({ connectionString, lock_timeout: 2_000 }),
    ];
    await Promise.all([reader.connect(), writer.connect()]);
  }, 60_000);

  afterEach(async () => {
    await Promise.all([reader.end(), writer.end()]);
    await installation.stop();
  }, 60_000);

  it('wait for a long transaction without holding up those who write, and then go on', async () => {
    const [last] = await installation.rows(LAST_BUT_ONE);
    await reader.query('BEGIN; SELECT 1 FROM message');
    const waited: string[] = [];
    const migrating = migrate(installation.databaseUrl, { onWaiting: (holder) => waited.push(holder) });
    let writes = 0;
    while (waited.length < 2) {
      await writer.query(WRITE);
      writes += 1;
    }
    expect(writes).toBeGreaterThan(1);
    expect(waited[0]).toMatch(/^by process \d+ of Postgres \(pg_dump\), in a transaction since 2/);
    await reader.query('COMMIT');
    expect(await migrating).toEqual([last!.name]);
    expect(await migrate(installation.databaseUrl)).toEqual([]);
  });

  it('give up in the end, and say who is in the way', async () => {
    await installation.rows(LAST_BUT_ONE);
    await reader.query('BEGIN; SELECT 1 FROM message');
    await expect(migrate(installation.databaseUrl, { patience: 0 })).rejects.toThrow(
      /in use: by process \d+ of Postgres \(pg_dump\).* end it, and migrate again/,
    );
    await reader.query('COMMIT');
    expect(await migrate(installation.databaseUrl)).toHaveLength(1);
  });

  it('make anew an index that an interruption left invalid', async () => {
    await installation.rows('DROP INDEX message_by_status');
    // An index that is made concurrently waits for older snapshots.
    await reader.query('BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT 1 FROM message');
    await writer.query(`INSERT INTO message
      (message_key, provider, account, channel, status, final, conflict, occurred_at, revision, version, facts)
      VALUES ('00000000-0000-5000-8000-000000000001', 'p', 'a', 'sms', 'sent', false, false, now(), 1, 1, '[]')`);
    const making = writer.query('CREATE INDEX CONCURRENTLY message_by_status ON message (status, occurred_at)').then(
      () => 'made',
      (error: unknown) => (error as pg.DatabaseError).code,
    );
    await until('it waits', async () => {
      const waiting = `SELECT 1 FROM pg_stat_activity WHERE query LIKE 'CREATE INDEX CONC%' AND wait_event_type = 'Lock'`;
      return (await installation.rows(waiting)).length > 0;
    });
    await installation.rows(
      `SELECT pg_cancel_backend(pid) FROM pg_stat_activity WHERE query LIKE 'CREATE INDEX CONC%'`,
    );
    expect(await making).toBe('57014');
    await reader.query('COMMIT');
    expect(await installation.rows(INVALID)).toEqual([{ name: 'message_by_status' }]);
    expect(await migrate(installation.databaseUrl)).toEqual(['message_by_status']);
    expect(await installation.rows(INVALID)).toEqual([]);
    expect(await migrate(installation.databaseUrl)).toEqual([]);
  });
});
