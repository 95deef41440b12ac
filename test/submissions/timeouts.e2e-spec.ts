import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { noReceiptId } from '#contracts';
import { runOps } from '../operations/run-ops.js';
import { PostgresProxy } from '../projecting/postgres-proxy.js';
import type { AppProcess } from '../system/app-process.js';
import { header, Installation, push } from '../system/installation.js';
import { until } from '../system/until.js';
import {
  CONFIGURATION,
  expiries,
  huaweiReport,
  OFTEN,
  statusOf,
  submission,
  submit,
  tellOfSpool,
  toldOf,
} from './submissions.js';

describe('reports that never come', () => {
  let installation: Installation;
  let ingress: AppProcess;
  let normaliser: AppProcess;
  let projector: AppProcess;

  beforeEach(async () => {
    installation = await Installation.create({ configuration: CONFIGURATION, environment: OFTEN });
    ({ ingress, normaliser, projector } = await installation.startAll());
  }, 120_000);

  afterEach(async () => {
    await installation.stop();
  }, 60_000);

  /** An hour passes: the wait for every report is over. */
  async function comeDue(): Promise<void> {
    await installation.rows('UPDATE message SET report_due_at = now() WHERE report_due_at IS NOT NULL');
  }

  async function metric(app: AppProcess, name: string): Promise<number> {
    const metrics = await (await fetch(`${app.management}/metrics`)).text();
    return Number(new RegExp(`^quittance_${name} (\\S+)$`, 'm').exec(metrics)?.[1]);
  }

  it('are said to have expired, once although two projectors run; a real report that comes later wins', async () => {
    const second = await installation.start('projector');
    const submitted = Array.from({ length: 20 }, () => submission());
    const patient = submission({ expectReportWithin: 'PT1H' });
    await submit(installation, patient, ...submitted);
    await until('all have expired', async () => {
      const rows = await installation.rows(`SELECT 1 FROM message WHERE status = 'expired'`);
      return rows.length === submitted.length;
    });
    const [first] = submitted;
    const [row] = await installation.rows('SELECT * FROM message WHERE message_id = $1', [first!.messageId]);
    expect(row).toMatchObject({
      final: false,
      reason: 'no-receipt',
      recipient: first!.recipient,
      occurred_at: new Date(Date.parse(first!.submittedAt) + 1_000),
      report_due_at: null,
    });
    const events = await Promise.all(submitted.map(({ messageId }) => expiries(installation, messageId)));
    expect(events.map(({ length }) => length)).toEqual(submitted.map(() => 1));
    const [event] = events[0]!;
    expect(header(event!, 'ce_id')).toBe(noReceiptId(row!.message_key as string));
    expect(header(event!, 'ce_source')).toBe('/quittance/huawei/hw');
    expect((await metric(projector, 'messages_expired_total')) + (await metric(second, 'messages_expired_total'))).toBe(
      submitted.length,
    );
    expect(await expiries(installation, patient.messageId)).toEqual([]);
    expect(await statusOf(installation, patient)).toBe('pending');

    expect((await push(ingress, 'hw-status', huaweiReport(first!))).status).toBe(200);
    await until('the real report has won', async () => (await statusOf(installation, first!)) === 'delivered');
    const told = await toldOf(installation, first!.messageId);
    expect(told.map((change) => [change.previousStatus, change.status, change.revision])).toEqual([
      [null, 'pending', 1],
      ['pending', 'expired', 2],
      ['expired', 'delivered', 3],
    ]);

    // All of it can be made again from what the topic holds, and making it again changes nothing.
    const verified = await runOps(installation.environment, ['verify']);
    expect({ code: verified.code, last: verified.lines.at(-1) }).toEqual({ code: 0, last: 'equal' });
    const reprojected = await runOps(installation.environment, ['reproject']);
    expect(reprojected.lines.at(-1)).toContain(': 0 changes published, 0 rows mended, 0 events refused');
  }, 120_000);

  it('are not said to have expired while receipts wait that came in time', async () => {
    const silent = submission({ expectReportWithin: 'PT1H' });
    const late = submission({ expectReportWithin: 'PT1H' });
    await submit(installation, silent, late);
    await until('both are pending', async () => (await installation.rows('SELECT 1 FROM message')).length === 2);
    await normaliser.process.stop('SIGTERM', 20_000);
    expect((await push(ingress, 'hw-status', huaweiReport(late))).status).toBe(200);
    await comeDue();

    await until('it is held back', () => projector.log().includes('timeouts.held-back'));
    expect(await metric(projector, 'report_timeouts_held_back_seconds')).toBeGreaterThan(0);
    expect(await installation.rows(`SELECT 1 FROM message WHERE status = 'pending'`)).toHaveLength(2);
    expect(await expiries(installation, silent.messageId)).toEqual([]);

    normaliser = await installation.start('normaliser');
    await until(
      'the one that nothing came for has expired',
      async () => (await statusOf(installation, silent)) === 'expired',
    );
    expect(await statusOf(installation, late)).toBe('delivered');
    expect(await expiries(installation, late.messageId)).toEqual([]);
    await until(
      'nothing is held back',
      async () => (await metric(projector, 'report_timeouts_held_back_seconds')) === 0,
    );
  }, 120_000);

  it('are not said to have expired while receipts that came in time may lie in a spool', async () => {
    const spool = 'spool-00000000-0000-4000-8000-000000000000';
    const toldAt = new Date().toISOString();
    await tellOfSpool(installation, spool, { toldAt, behindMs: 3_600_000, receipts: 1 });
    const silent = submission({ expectReportWithin: 'PT1H' });
    await submit(installation, silent);
    await until('it is pending', async () => (await statusOf(installation, silent)) === 'pending');
    await comeDue();
    await until('it is held back', () => projector.log().includes('timeouts.held-back'));
    expect(await statusOf(installation, silent)).toBe('pending');

    await tellOfSpool(installation, spool, { toldAt, behindMs: null, receipts: 0 });
    await until('it has expired', async () => (await statusOf(installation, silent)) === 'expired');
  }, 120_000);

  it('are said once in effect when the projector is killed after it published and before it noted that', async () => {
    const submitted = submission({ expectReportWithin: 'PT1H' });
    await submit(installation, submitted);
    await until('it is pending', async () => (await statusOf(installation, submitted)) === 'pending');
    await projector.process.stop('SIGTERM', 20_000);
    await comeDue();
    const proxy = await PostgresProxy.start(installation.databaseUrl, 'quittance-projector-timeouts');
    try {
      const env = { DATABASE_URL: proxy.databaseUrl };
      const held = proxy.hold('commit');
      projector = await installation.start('projector', { env, ready: false });
      await held;
      expect(await expiries(installation, submitted.messageId)).toHaveLength(1);
      projector.process.signal('SIGKILL');
      await projector.process.exited;
    } finally {
      await proxy.stop();
    }
    projector = await installation.start('projector');
    await until('it has expired', async () => (await statusOf(installation, submitted)) === 'expired');
    const published = await expiries(installation, submitted.messageId);
    expect(new Set(published.map((event) => header(event, 'ce_id'))).size).toBe(1);
    const [row] = await installation.rows(
      'SELECT json_array_length(facts) AS reports, json_array_length(submissions) AS submissions, revision, report_due_at FROM message',
    );
    expect(row).toEqual({ reports: 1, submissions: 1, revision: 2, report_due_at: null });
    expect((await toldOf(installation, submitted.messageId)).map((change) => change.status)).toEqual([
      'pending',
      'expired',
    ]);
  }, 120_000);
});
