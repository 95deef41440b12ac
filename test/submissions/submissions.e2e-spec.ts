import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { headerText } from '#kafka';
import { expectValidEvent } from '../contracts/validate-event.js';
import type { AppProcess } from '../system/app-process.js';
import { header, Installation, push } from '../system/installation.js';
import { smsReport } from '../system/receipts.js';
import { until } from '../system/until.js';
import { CONFIGURATION, dataOf, huaweiReport, submission, submit, toldOf } from './submissions.js';

describe('submissions', () => {
  let installation: Installation;
  let ingress: AppProcess;

  beforeAll(async () => {
    installation = await Installation.create({ configuration: CONFIGURATION });
    [ingress] = await Promise.all([
      installation.start('ingress'),
      installation.start('normaliser'),
      installation.start('projector', { env: { REPORT_TIMEOUT_INTERVAL: 'never' } }),
    ]);
  }, 120_000);

  afterAll(async () => {
    await installation.stop();
  }, 60_000);

  const row = async (messageId: string): Promise<Record<string, unknown> | undefined> =>
    (
      await installation.rows(
        `SELECT provider, account, channel, message_id, sender, recipient, reference, status, final, submitted_at,
           report_due_at, occurred_at, revision, json_array_length(facts) + coalesce(json_array_length(submissions), 0) AS facts
           FROM message WHERE message_id = $1`,
        [messageId],
      )
    )[0];

  it('make a pending message that subscribers are told of, before anybody reports on it', async () => {
    const submitted = submission({ expectReportWithin: 'P2D' });
    await submit(installation, submitted);
    await until('the row is there', async () => (await row(submitted.messageId)) !== undefined);
    const at = new Date(submitted.submittedAt);
    expect(await row(submitted.messageId)).toMatchObject({
      provider: 'huawei',
      account: 'hw',
      channel: 'sms',
      recipient: submitted.recipient,
      sender: submitted.sender,
      reference: submitted.reference,
      status: 'pending',
      final: false,
      submitted_at: at,
      occurred_at: at,
      report_due_at: new Date(at.getTime() + 2 * 86_400_000),
      revision: 1,
    });
    const told = (await installation.records('message-status.v1')).find(
      (record) => dataOf(record).messageId === submitted.messageId,
    )!;
    expectValidEvent('io.quittance.message.status-changed.v1', dataOf(told));
    expect(dataOf(told)).toMatchObject({ status: 'pending', previousStatus: null, revision: 1 });
    // It leads back to the record of the submission.
    expect(header(told, 'ce_receiptid')).toContain('submissions.v1/');
    expect(header(told, 'ce_source')).toBe('/quittance/huawei/hw');
  });

  it('give the same row before the report and after it, with what the report lacks', async () => {
    const [before, after] = [submission(), submission()];
    await submit(installation, before);
    await until('the first is submitted', async () => (await row(before.messageId)) !== undefined);
    for (const submitted of [before, after]) {
      expect((await push(ingress, 'hw-status', huaweiReport(submitted))).status).toBe(200);
      await until('it is reported', async () => (await row(submitted.messageId))?.status === 'delivered');
    }
    await submit(installation, after);
    await until('the second is submitted', async () => (await row(after.messageId))?.facts === 2);

    const rows = await Promise.all([row(before.messageId), row(after.messageId)]);
    for (const [at, submitted] of [before, after].entries()) {
      expect(rows[at]).toMatchObject({
        status: 'delivered',
        final: true,
        recipient: submitted.recipient,
        reference: submitted.reference,
        sender: submitted.sender,
        submitted_at: new Date(submitted.submittedAt),
        report_due_at: null,
        occurred_at: new Date('2026-07-09T03:01:33.000Z'),
        revision: 2,
        facts: 2,
      });
    }
    const history = `SELECT h.status, h.occurred_at FROM message_history h JOIN message USING (message_key)
      WHERE message_id = $1 ORDER BY position`;
    expect(await installation.rows(history, [after.messageId])).toEqual([
      { status: 'delivered', occurred_at: new Date('2026-07-09T03:01:33.000Z') },
      { status: 'submitted', occurred_at: new Date(after.submittedAt) },
    ]);
    expect((await toldOf(installation, after.messageId)).map(({ status, revision }) => [status, revision])).toEqual([
      ['delivered', 1],
      ['delivered', 2],
    ]);
  });

  it('meet their reports however the number is written', async () => {
    const report = smsReport({ out_id: undefined });
    expect((await push(ingress, 'sms-report', JSON.stringify([report]))).status).toBe(200);
    const national = report.phone_number;
    const ways = [national, `+86${national}`, `86${national}`, `0086${national}`, `+86 ${national}`];
    const submissions = ways.map((recipient, at) =>
      submission({
        provider: 'alibaba',
        account: 'main',
        messageId: report.biz_id,
        recipient,
        // Told again, and a little differently: the first submission counts.
        submittedAt: `2026-07-09T11:01:1${at}+08:00`,
      }),
    );
    await submit(installation, ...submissions);
    await until('all are projected', async () => {
      const events = (await installation.records('events.v1')).filter(
        (record) =>
          headerText(record, 'ce_type') === 'io.quittance.message.submitted.v1' &&
          dataOf(record).messageId === report.biz_id,
      );
      expect(new Set(events.map((event) => header(event, 'ce_id'))).size).toBeLessThanOrEqual(1);
      const [at] = await installation.rows('SELECT sum(next_offset)::int AS sum FROM projector_offset');
      return events.length === ways.length && at?.sum === (await installation.records('events.v1')).length;
    });
    const rows = await installation.rows('SELECT * FROM message WHERE message_id = $1', [report.biz_id]);
    expect(rows).toHaveLength(1);
    expect(rows[0]).toMatchObject({
      status: 'delivered',
      recipient: `+86${national}`,
      submitted_at: new Date('2026-07-09T03:01:10.000Z'),
    });
  });

  it('become dead letters where they cannot be read or name nobody, and stop nobody', async () => {
    const bad = [
      'not json',
      JSON.stringify([submission()]),
      JSON.stringify({ ...submission(), messageId: undefined }),
      JSON.stringify({ ...submission(), submittedAt: 'yesterday' }),
      JSON.stringify({ ...submission(), account: 'nobody' }),
      JSON.stringify({ ...submission(), provider: 'alibaba' }),
    ];
    const good = submission();
    await submit(installation, ...bad, good);
    await until('the good one is there', async () => (await row(good.messageId)) !== undefined);
    await until(
      'all bad ones are dead letters',
      async () => (await installation.records('dead-letters.v1')).length === bad.length,
    );
    const letters = await installation.records('dead-letters.v1');
    expect(letters.map((letter) => [letter.value!.toString(), header(letter, 'dead-letter-code')]).sort()).toEqual(
      [
        [bad[0], 'BODY_NOT_JSON'],
        [bad[1], 'ELEMENT_NOT_OBJECT'],
        [bad[2], 'FIELD_MISSING'],
        [bad[3], 'FIELD_INVALID'],
        [bad[4], 'ACCOUNT_UNKNOWN'],
        [bad[5], 'ACCOUNT_UNKNOWN'],
      ].sort(),
    );
    for (const letter of letters) {
      expect(header(letter, 'dead-letter-stage')).toBe('normaliser');
      expect(header(letter, 'dead-letter-origin')).toMatch(/submissions\.v1\/\d+\/\d+$/);
    }
  });

  it('leave nothing personal in the logs', () => {
    const logs = installation.logs();
    expect(logs).toContain('submission.normalised');
    for (const personal of ['8613', '13700000', 'campaign-', '8690000001']) expect(logs).not.toContain(personal);
  });
});
