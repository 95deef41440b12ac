/** A projector that knows submissions, and one that does not, write the same rows. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { encodeEvent, type CanonicalEvent, type MessageStatusChanged } from '#contracts';
import type { OutgoingRecord } from '#kafka';
import { decodeRecords, projectEvents } from '../../apps/projector/src/project-batch.js';
import { inTransaction } from '../../apps/projector/src/store/transaction.js';
import { publishExpired } from '../../apps/projector/src/timeouts/publish-expired.js';
import { runOps } from '../operations/run-ops.js';
import { report, uuid } from '../storage/reports.js';
import { Installation } from '../system/installation.js';
import { projectAsBefore } from './older-projector.js';

/** What a row says; how often it was written, and told, depends on who wrote it. */
const ROWS = `SELECT message_id, sender, recipient, reference, status, final, reason, provider_code, conflict, submitted_at,
    report_due_at, sent_at, occurred_at, facts::text, submissions::text FROM message WHERE message_key = $1`;

/** One that says neither whom it went to nor what the caller calls it. */
const BARE = { recipient: null, recipientRaw: null, reference: null, sender: null } as const;

const SENT = { ...BARE, report: 1, status: 'sent', final: false, occurredAt: '2026-07-09T03:01:20.000Z' } as const;

describe('projectors of two versions, side by side', () => {
  let installation: Installation;
  let message = 0;

  beforeAll(async () => {
    installation = await Installation.create();
  }, 60_000);

  afterAll(async () => {
    await installation.stop();
  }, 60_000);

  /** As the projector of this version does; what it would publish. */
  const project = (...events: readonly CanonicalEvent[]): Promise<readonly CanonicalEvent[]> =>
    inTransaction(
      installation.pool,
      async (client) => (await projectEvents(client, decodeRecords(events.map(recordOf)), null)).changes,
    );

  const older = async (event: ReturnType<typeof report>): Promise<readonly CanonicalEvent[]> => {
    const change = await projectAsBefore(installation.pool, event);
    return change === null ? [] : [change];
  };

  /** The row as the version between wrote it: it knew submissions, and kept them among the reports. */
  const mixUp = (number: number) =>
    installation.rows(
      'UPDATE message SET facts = submissions, submissions = NULL, submissions_version = NULL WHERE message_key = $1',
      [uuid(number)],
    );

  const row = async (number: number) => (await installation.rows(ROWS, [uuid(number)]))[0];

  it('lose nothing, and end with the row that the newer one makes alone, whoever wrote what when', async () => {
    for (let writers = 0; writers < 8; writers++) {
      for (let submittedAfter = 0; submittedAfter < 4; submittedAfter++) {
        const number = (message += 1);
        const reports = [
          report(number, SENT),
          report(number, BARE),
          report(number, { ...SENT, report: 2, status: 'pending' }),
        ];
        await project(...reports, submitted(number));
        const alone = await row(number);
        await installation.rows('DELETE FROM message');

        const told: CanonicalEvent[] = [];
        for (const [at, event] of reports.entries()) {
          if (at === submittedAfter) told.push(...(await project(submitted(number))));
          const isOlder = (writers & (1 << at)) !== 0;
          told.push(...(await (isOlder ? older(event) : project(event))));
        }
        if (submittedAfter === 3) told.push(...(await project(submitted(number))));
        // A duplicate is enough for the newer one to see what the older one could not.
        told.push(...(await project(report(number, BARE))));

        expect({ writers, submittedAfter, row: await row(number) }).toEqual({ writers, submittedAfter, row: alone });
        // Each revision once, one by one, and the last says what the row says.
        expect(told.map(({ data }) => revisionOf(data))).toEqual(told.map((_, at) => at + 1));
        expect(told.at(-1)!.data).toMatchObject({
          status: 'delivered',
          recipient: '+8613800000009',
          reference: 'order-1',
          submittedAt: '2026-07-09T03:01:19.000Z',
        });
      }
    }
  });

  it('read a submission among the reports, where the version between wrote it, and put it beside them', async () => {
    const number = (message += 1);
    await project(submitted(number));
    await mixUp(number);
    const [change] = await project(report(number, BARE));
    expect(change!.data).toMatchObject({ previousStatus: 'pending', recipient: '+8613800000009', revision: 2 });
    const [counts] = await installation.rows(
      'SELECT json_array_length(facts) AS facts, json_array_length(submissions) AS submissions FROM message WHERE message_key = $1',
      [uuid(number)],
    );
    expect(counts).toEqual({ facts: 1, submissions: 1 });
  });

  it('have one history', async () => {
    const number = (message += 1);
    await project(submitted(number));
    await older(report(number, BARE));
    const history = `SELECT status, position, event_id FROM message_history WHERE message_key = $1 ORDER BY position`;
    expect(await installation.rows(history, [uuid(number)])).toEqual([
      { status: 'submitted', position: 1, event_id: uuid(number, 9) },
      { status: 'delivered', position: 2, event_id: uuid(number, 1) },
    ]);
  });

  it('say that no report came of what the older one wrote, unless it was final', async () => {
    await installation.rows('TRUNCATE message');
    const [silent, sent, delivered] = [(message += 1), (message += 1), (message += 1)];
    await project(submitted(silent), submitted(sent), submitted(delivered));
    await older(report(sent, SENT));
    await older(report(delivered, BARE));
    const published: OutgoingRecord[] = [];
    const client = await installation.pool.connect();
    try {
      const publishAll = (records: readonly OutgoingRecord[]) => Promise.resolve(void published.push(...records));
      const parts = { client, topic: 'events', installation: 'quittance', publishAll, tracing: null };
      await publishExpired(parts, new Date('2026-07-10T00:00:00.000Z'), 10);
    } finally {
      client.release();
    }
    expect(published.map(({ key }) => key).sort()).toEqual([uuid(silent), uuid(sent)]);
  });

  it('are mended by operators where no newer one has come by', async () => {
    await installation.rows('TRUNCATE message');
    const ops = (...args: string[]) => runOps(installation.environment, [...args, '--installation', 'quittance']);
    const [stored, republished, mixed] = [(message += 1), (message += 1), (message += 1)];
    for (const number of [stored, republished, mixed]) await project(submitted(number));
    for (const number of [stored, republished]) {
      // It has everything that the submission could fill in: but subscribers were not told when it was submitted.
      await older(report(number, { recipient: '+8613800000009', reference: 'order-1', sender: '1069' }));
    }
    expect((await ops('republish', '--key', uuid(republished))).lines).toEqual(['republished 1 events']);
    await mixUp(mixed);
    expect((await ops('reproject', '--stored')).lines).toEqual(['derived 3 rows: 2 mended, 1 changes published']);
    expect((await ops('reproject', '--stored')).lines).toEqual(['derived 3 rows: 0 mended, 0 changes published']);
    const told = (await installation.records('message-status.v1')).map(
      ({ value }) => JSON.parse(value!.toString()) as MessageStatusChanged,
    );
    expect(told.map(({ messageKey, revision, submittedAt }) => ({ messageKey, revision, submittedAt }))).toEqual(
      [republished, stored].map((number) => ({
        messageKey: uuid(number),
        revision: 3,
        submittedAt: '2026-07-09T03:01:19.000Z',
      })),
    );
    const rows = await installation.rows('SELECT json_array_length(facts) AS facts FROM message ORDER BY message_key');
    expect(rows.map(({ facts }) => facts)).toEqual([1, 1, 0]);
  });
});

/** What was said of message `number` when it was sent. */
function submitted(number: number): CanonicalEvent<'io.quittance.message.submitted.v1'> {
  const submittedAt = '2026-07-09T03:01:19.000Z';
  return {
    id: uuid(number, 9),
    type: 'io.quittance.message.submitted.v1',
    source: '/quittance/alibaba/main',
    subject: uuid(number),
    time: submittedAt,
    receiptId: 'submissions/0/1',
    data: {
      provider: 'alibaba',
      account: 'main',
      channel: 'sms',
      labels: {},
      messageKey: uuid(number),
      messageId: `id-${number}`,
      sender: '1069',
      recipient: '+8613800000009',
      reference: 'order-1',
      submittedAt,
      expectReportWithin: 'PT1H',
    },
  };
}

/** An event as it comes from the topic. */
function recordOf(event: CanonicalEvent) {
  const { key, value, headers } = encodeEvent(event);
  return {
    topic: 'events',
    partition: 0,
    offset: '0',
    timestamp: 0,
    key: Buffer.from(key),
    value: Buffer.from(value),
    headers,
  };
}

function revisionOf(data: object): number {
  return (data as MessageStatusChanged).revision;
}
