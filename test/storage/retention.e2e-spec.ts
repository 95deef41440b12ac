/** Rows go when their retention is over: exactly those, a few at a time, one process at a time, and nobody waits for it. */
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { BackgroundJobs } from '../../apps/projector/src/background-jobs.js';
import { deleteOldRows, type RetainedTable } from '../../apps/projector/src/retention/delete-old-rows.js';
import { RetentionJob, type RetentionOptions } from '../../apps/projector/src/retention/retention-job.js';
import { Installation } from '../system/installation.js';
import { silentLogger } from '../system/silent-logger.js';
import { until } from '../system/until.js';
import { publishEvents, report, uuid } from './reports.js';

const DAY = 86_400_000;
const RETENTION = {
  messages: 180 * DAY,
  mobileOriginated: 180 * DAY,
  reviews: Infinity,
  accounts: Infinity,
  ledger: Infinity,
};
const STEP = { pages: 4, rows: 30 };
/** What is left of a table, by the number at the end of its key. */
const LEFT: Readonly<Record<RetainedTable, string>> = {
  message: `SELECT right(message_key::text, 12)::integer AS number FROM message ORDER BY 1`,
  mobile_originated: `SELECT right(event_id::text, 12)::integer AS number FROM mobile_originated ORDER BY 1`,
  review: `SELECT right(review_key::text, 12)::integer AS number FROM review ORDER BY 1`,
  account_status: `SELECT right(subject_key::text, 12)::integer AS number FROM account_status ORDER BY 1`,
  ledger_receipts: 'SELECT block::integer AS number FROM ledger_receipts ORDER BY 1',
  ledger_block: 'SELECT block::integer AS number FROM ledger_block ORDER BY 1',
  ledger_accepted: 'SELECT receipts::integer AS number FROM ledger_accepted ORDER BY 1',
};
const ID = `('00000000-0000-5000-8000-' || lpad(n::text, 12, '0'))::uuid`;
/** Every third row is old, and some are so by a minute, or not yet by a minute. */
const WRITTEN = `now() - CASE n % 6 WHEN 0 THEN interval '200 days' WHEN 3 THEN interval '180 days 1 minute'
  WHEN 1 THEN interval '179 days 23 hours 59 minutes' ELSE interval '1 day' END`;
const FACTS = `'[]', ${WRITTEN} FROM generate_series`;
const FILL: Readonly<Record<RetainedTable, string>> = {
  message: `INSERT INTO message SELECT ${ID}, 'alibaba', 'main', 'sms', null, null, null, null, 'delivered', true, null,
    null, false, null, now(), 1, 1, ${FACTS}`,
  mobile_originated: `INSERT INTO mobile_originated SELECT ${ID}, ${ID}, 'alibaba', 'main', 'sms', null, null, null,
    null, now(), 1, ${FACTS}`,
  review: `INSERT INTO review SELECT ${ID}, 'alibaba', 'main', 'sms-template', 'x', null, 'approved', null, now(), 1, 1, ${FACTS}`,
  account_status: `INSERT INTO account_status SELECT ${ID}, 'alibaba', 'main', 'sms', 'x', 'x', 'x', 'x', now(), 1, 1, ${FACTS}`,
  ledger_receipts: `INSERT INTO ledger_receipts SELECT 'x', 0, n, 'x', now(), false, B'1'::bit(4096), ${WRITTEN} FROM generate_series`,
  ledger_block: `INSERT INTO ledger_block SELECT 'x', 0, n, null, null, null, null, false, ${WRITTEN} FROM generate_series`,
  ledger_accepted: `INSERT INTO ledger_accepted SELECT ${ID}, 'x', now(), n, true, ${WRITTEN} FROM generate_series`,
};
const TABLES = Object.keys(FILL) as RetainedTable[];

describe('retention', () => {
  let installation: Installation;
  let client: pg.Client;
  let connectionString: string;

  const fill = (table: RetainedTable, from: number, to: number) =>
    installation.rows(`${FILL[table]}(${from}, ${to}) AS n`);
  const left = async (table: RetainedTable) => (await installation.rows(LEFT[table])).map(({ number }) => number);
  const young = (from: number, to: number) =>
    Array.from({ length: to - from + 1 }, (_, at) => from + at).filter((number) => number % 3 !== 0);
  const before = () => new Date(Date.now() - 180 * DAY);

  beforeAll(async () => {
    installation = await Installation.create();
    const [row] = await installation.rows('SELECT current_database() AS name');
    const url = Object.assign(new URL(process.env.TEST_DATABASE_URL!), { pathname: `/${String(row!.name)}` });
    connectionString = url.href;
  });

  afterAll(async () => {
    await installation.stop();
  });

  beforeEach(async () => {
    client = new pg.Client({ connectionString });
    await client.connect();
    await installation.rows(`TRUNCATE ${TABLES.join(', ')}`);
  });

  afterEach(async () => {
    await client.end();
  });

  describe('one round through a table', () => {
    it.each(TABLES)('deletes of %s exactly what is old, in steps no larger than they may be', async (table) => {
      await fill(table, 1, 600);
      const steps: number[] = [];
      await deleteOldRows(client, table, before(), (deleted) => Promise.resolve(steps.push(deleted) > 0), STEP);
      expect(await left(table)).toEqual(young(1, 600));
      expect(steps.reduce((sum, deleted) => sum + deleted, 0)).toBe(200);
      expect(Math.max(...steps)).toBeLessThanOrEqual(STEP.rows);
      expect(steps.length).toBeGreaterThan(3);
    });

    it('spares a message whose report is waited for, until that has been over for as long', async () => {
      await fill('message', 3, 3);
      await fill('message', 6, 6);
      await fill('message', 9, 9);
      const due = (number: number, days: number) =>
        client.query(
          `UPDATE message SET final = false, report_due_at = now() - make_interval(days => $2) WHERE message_key = $1`,
          [uuid(number), days],
        );
      await due(3, -1);
      await due(6, 179);
      await due(9, 181);
      await deleteOldRows(client, 'message', before(), () => Promise.resolve(true), STEP);
      expect(await left('message')).toEqual([3, 6]);
    });

    it('ends when it is told to, and what it has done stays done', async () => {
      await fill('message', 1, 600);
      let steps = 0;
      await deleteOldRows(client, 'message', before(), () => Promise.resolve((steps += 1) < 3), STEP);
      expect(steps).toBe(3);
      const { length } = await left('message');
      expect(length).toBeGreaterThanOrEqual(600 - 3 * STEP.rows);
      expect(length).toBeLessThan(600);
    });

    it('waits for nobody: a row that somebody has locked is left to the next round', async () => {
      await fill('message', 1, 30);
      const other = new pg.Client({ connectionString });
      await other.connect();
      try {
        await other.query('BEGIN');
        await other.query(`SELECT 1 FROM message WHERE message_key = $1 FOR UPDATE`, [uuid(6)]);
        await client.query(`SET lock_timeout = '1ms'`);
        await deleteOldRows(client, 'message', before(), () => Promise.resolve(true), STEP);
        expect(await left('message')).toEqual([...young(1, 30), 6].sort((a, b) => a - b));
        // What is written meanwhile is not old any more.
        await other.query('UPDATE message SET written_at = now() WHERE message_key = $1', [uuid(6)]);
        await other.query('COMMIT');
      } finally {
        await other.end();
      }
      await deleteOldRows(client, 'message', before(), () => Promise.resolve(true), STEP);
      expect(await left('message')).toContain(6);
    });
  });

  describe('the job', () => {
    const deleted = Object.fromEntries(TABLES.map((table) => [table, 0])) as Record<RetainedTable, number>;
    const jobs: BackgroundJobs[] = [];

    function job(changes: Partial<RetentionOptions> = {}): BackgroundJobs {
      const retention = new RetentionJob({
        connection: { connectionString },
        retention: RETENTION,
        isWell: () => true,
        onDeleted: (table, rows) => (deleted[table] += rows),
        logger: silentLogger,
        step: STEP,
        ...changes,
      });
      const created = new BackgroundJobs([retention]);
      jobs.push(created);
      return created;
    }

    beforeEach(async () => {
      for (const table of TABLES) {
        deleted[table] = 0;
        await fill(table, 1, 300);
      }
    });

    afterEach(async () => {
      await Promise.all(jobs.splice(0).map((each) => each.stop()));
    });

    it('goes through every table that has a retention, and counts', async () => {
      job({ retention: { ...RETENTION, ledger: 180 * DAY } }).start();
      await until('the last of them is done', () => deleted.ledger_accepted === 100);
      const ledger = { ledger_receipts: 100, ledger_block: 100, ledger_accepted: 100 };
      expect(deleted).toEqual({ message: 100, mobile_originated: 100, review: 0, account_status: 0, ...ledger });
      expect(await left('message')).toEqual(young(1, 300));
      expect(await left('review')).toHaveLength(300);
    });

    it('is done by one process at a time, and by another when that one ends', async () => {
      const first = job();
      first.start();
      await until('the first works', () => deleted.message > 0);
      let bySecond = 0;
      const second = job({ onDeleted: (_table, rows) => (bySecond += rows) });
      second.start();
      await until('the first is done', () => deleted.mobile_originated === 100);
      expect(bySecond).toBe(0);
      await first.stop();
      await fill('message', 1_001, 1_030);
      await until('the second has taken over', () => bySecond === 10);
    });

    it('does nothing while its projector is not well, and ends at once when it is told to', async () => {
      let well = false;
      const waiting = job({ isWell: () => well });
      waiting.start();
      await sleep(1_500);
      expect(await left('message')).toHaveLength(300);
      well = true;
      await until('it works', () => deleted.message > 0);
      well = false;
      await sleep(100);
      const sofar = deleted.message;
      await sleep(1_200);
      expect(deleted.message).toBe(sofar);
      await waiting.stop();
      expect(await left('message')).toHaveLength(300 - sofar);
    });
  });

  it('is kept to by a projector while it projects, and a late report makes a fresh row', async () => {
    await publishEvents(
      installation,
      [1, 2, 3].map((number) => report(10_000 + number, { status: 'sent', final: false })),
    );
    const first = await installation.start('projector');
    await installation.untilRows(3, LEFT.message);
    await first.process.stop('SIGTERM', 20_000);
    await installation.rows(`UPDATE message SET written_at = now() - interval '181 days', revision = 4, version = 7`);
    await fill('message', 1, 3_000);

    const projector = await installation.start('projector', { env: { RETENTION_MESSAGES: '180d' } });
    const fresh = Array.from({ length: 2_000 }, (_, at) => 20_000 + at);
    for (let at = 0; at < fresh.length; at += 100) {
      await publishEvents(
        installation,
        fresh.slice(at, at + 100).map((number) => report(number)),
      );
    }
    await until('what is old is gone, and what is new is there', async () => {
      const numbers = await left('message');
      return numbers.length === 4_000;
    });
    expect(await left('message')).toEqual([...young(1, 3_000), ...fresh]);
    const metrics = await (await fetch(`${projector.management}/metrics`)).text();
    expect(metrics).toContain('quittance_rows_deleted_total{table="message"} 1003');

    await publishEvents(installation, [report(10_002, { report: 5 })]);
    const [row] = await installation.untilRows(
      1,
      `SELECT status, revision, version, json_array_length(facts) AS facts FROM message WHERE message_key = '${uuid(10_002)}'`,
    );
    expect(row).toEqual({ status: 'delivered', revision: 1, version: 1, facts: 1 });
  });
});
