/** Somebody else who writes rows of the projector: neither side's report is lost, and nothing becomes a dead letter. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { Installation } from '../system/installation.js';
import { ignore } from '../system/silent-logger.js';
import { until } from '../system/until.js';
import { publishEvents, report, uuid } from './reports.js';

describe('a row that another writer inserts', () => {
  let installation: Installation;
  let other: pg.Client;

  beforeAll(async () => {
    installation = await Installation.create();
    other = new pg.Client({ connectionString: installation.databaseUrl });
    other.on('error', ignore);
    await other.connect();
    await installation.start('projector');
  }, 60_000);

  afterAll(async () => {
    await other.end();
    await installation.stop();
  }, 60_000);

  it('after the projector has looked for it is read again, and merged into', async () => {
    const { id, receiptId, data } = report(1, { report: 1, status: 'sent', final: false, providerCode: null });
    await other.query('BEGIN');
    await other.query(
      `INSERT INTO message (message_key, provider, account, channel, status, final, conflict, occurred_at, revision, version, facts)
        VALUES ($1, 'alibaba', 'main', 'sms', 'sent', false, false, $2, 1, 1, $3)`,
      [uuid(1), data.occurredAt, JSON.stringify([{ id, receiptId, data }])],
    );
    await publishEvents(installation, [report(1)]);
    await until('the projector waits for it', async () => {
      const waiting = await installation.rows(
        `SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND query LIKE 'INSERT%' AND wait_event_type = 'Lock'`,
      );
      return waiting.length === 1;
    });
    await other.query('COMMIT');
    await installation.untilRows(1, `SELECT 1 FROM message WHERE json_array_length(facts) = 2`);
    expect(await installation.rows('SELECT status, revision, version FROM message')).toEqual([
      { status: 'delivered', revision: 2, version: 2 },
    ]);
    expect(await installation.records('dead-letters.v1')).toEqual([]);
  });
});
