import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { noReceiptId } from '#contracts';
import type { OutgoingRecord } from '#kafka';
import { openTracing, type Tracing } from '#tracing';
import pg from 'pg';
import { earliestDue, publishExpired } from '../../apps/projector/src/timeouts/publish-expired.js';
import { report } from '../storage/reports.js';
import { Installation } from '../system/installation.js';
import { ignore, silentLogger } from '../system/silent-logger.js';
import { Collector } from '../tracing/collector.js';
import { projectAsBefore } from './older-projector.js';
import { storeSubmitted } from './store-submitted.js';

/** An hour after the submissions. */
const SETTLED = new Date('2026-07-09T04:00:00.000Z');

describe('publishing that no report came', () => {
  let installation: Installation;
  let client: pg.Client;
  let published: OutgoingRecord[] = [];

  beforeAll(async () => {
    installation = await Installation.create();
    client = new pg.Client({ connectionString: installation.databaseUrl });
    // The database is dropped at the end, perhaps before the server has noticed that nobody is there any more.
    client.on('error', ignore);
    await client.connect();
  }, 60_000);

  afterAll(async () => {
    await client.end();
    await installation.stop();
  }, 60_000);

  beforeEach(async () => {
    await client.query('TRUNCATE message');
    published = [];
  });

  const publish = (
    limit = 100,
    publishAll = (records: readonly OutgoingRecord[]) => keep(records),
    tracing: Tracing | null = null,
  ) => publishExpired({ client, topic: 'events', installation: 'quittance', publishAll, tracing }, SETTLED, limit);

  function keep(records: readonly OutgoingRecord[]): Promise<void> {
    published.push(...records);
    return Promise.resolve();
  }

  const keys = () => published.map(({ key }) => String(key)).sort();

  const submitted = (count: number, expectReportWithin?: string) =>
    storeSubmitted(installation.pool, count, expectReportWithin);

  it('takes what is due, batch by batch, and each message once', async () => {
    const due = await submitted(5);
    await submitted(3, 'PT61M');
    expect(await earliestDue(client)).toEqual(SETTLED);
    expect([await publish(2), await publish(2), await publish(2), await publish(2)]).toEqual([2, 2, 1, 0]);
    expect(keys()).toEqual(due);
    expect(await earliestDue(client)).toEqual(new Date('2026-07-09T04:01:00.000Z'));
  });

  it('begins a trace with each', async () => {
    const collector = new Collector();
    const settings = { endpoint: `http://127.0.0.1:${await collector.start()}`, share: 1 };
    const tracing = await openTracing({ app: 'projector', version: '1.2.3' }, settings, silentLogger);
    await submitted(2);
    expect(await publish(100, keep, tracing)).toBe(2);
    await tracing!.close(10_000);
    await collector.stop();
    const sent = collector.spans.map(({ traceId, spanId }) => `00-${traceId}-${spanId}-01`);
    expect(new Set(collector.spans.map(({ traceId }) => traceId)).size).toBe(2);
    expect(published.map(({ headers }) => headers.traceparent).sort()).toEqual(sent.sort());
  });

  it('says the same again under the same id when it could not note that it had said it', async () => {
    const [key] = await submitted(1);
    const crash = async (records: readonly OutgoingRecord[]) => {
      await keep(records);
      throw new Error('killed');
    };
    await expect(publish(100, crash)).rejects.toThrow('killed');
    expect([await publish(), await publish()]).toEqual([1, 0]);
    expect(published).toHaveLength(2);
    expect(published[1]).toEqual(published[0]);
    expect(published[0]!.headers.ce_id).toBe(noReceiptId(key!));
  });

  it('waits for nobody who holds a row, and tells of the others once', async () => {
    const [held, ...others] = await submitted(3);
    const holder = await installation.pool.connect();
    try {
      await holder.query('BEGIN');
      await holder.query('SELECT 1 FROM message WHERE message_key = $1 FOR UPDATE', [held]);
      await client.query("SET lock_timeout = '100ms'");
      expect([await publish(), await publish()]).toEqual([2, 0]);
      expect(keys()).toEqual(others);
    } finally {
      await holder.query('ROLLBACK');
      holder.release();
      await client.query('RESET lock_timeout');
    }
    expect([await publish(), await publish()]).toEqual([1, 0]);
    expect(keys()).toEqual([held, ...others].sort());
  });

  it('leaves what has become final to itself, also when whoever wrote that knows nothing of waiting', async () => {
    const [key] = await submitted(1);
    await projectAsBefore(installation.pool, { ...report(1), subject: key! });
    const { rows } = await client.query('SELECT final, report_due_at IS NOT NULL AS waits FROM message');
    expect(rows).toEqual([{ final: true, waits: true }]);
    expect(await publish()).toBe(0);
    expect(await earliestDue(client)).toBeNull();
  });

  it('finds what is due without looking at every message', async () => {
    await submitted(1);
    await client.query(
      `INSERT INTO message (message_key, provider, account, channel, status, final, conflict, occurred_at, revision, version, facts)
       SELECT gen_random_uuid(), 'p', 'a', 'sms', 'delivered', n % 2 = 0, false, now(), 1, 1, '[]' FROM generate_series(1, 20000) n`,
    );
    await client.query('ANALYZE message');
    const { rows } = await client.query<{ 'QUERY PLAN': string }>(
      `EXPLAIN SELECT message_key, facts::text FROM message WHERE report_due_at IS NOT NULL AND expiry_published_at IS NULL
         AND NOT final AND report_due_at <= now() ORDER BY report_due_at LIMIT 500`,
    );
    expect(rows.map((row) => row['QUERY PLAN']).join('\n')).toContain('message_report_due');
  });
});
