import type { SpoolReport, Submission, TopicName } from '#contracts';
import { GroupCommitProducer, headerText, type IncomingRecord } from '#kafka';
import type { Installation } from '../system/installation.js';
import { TOKEN } from '../system/installation.js';
import { silentLogger } from '../system/silent-logger.js';

/** Two providers: one whose reports may lack the recipient, and one that has an id for a whole batch. */
export const CONFIGURATION = {
  accounts: {
    main: { provider: 'alibaba', labels: { unit: 'retail' } },
    hw: { provider: 'huawei', labels: { unit: 'retail' }, expectReportWithin: '1s' },
  },
  sources: [
    { id: 'sms-report', account: 'main', receipt: 'SmsReport', http: { tokens: [TOKEN] } },
    { id: 'hw-status', account: 'hw', receipt: 'BatchStatusReport', http: { tokens: [TOKEN] } },
  ],
};

/** Reports that never came are looked for often, so that the tests need not wait. */
export const OFTEN = { REPORT_TIMEOUT_INTERVAL: '200ms' };

let counter = 0;

/** A submission with values that no other test uses. */
export function submission(changes: Partial<Submission> = {}): Submission & { readonly reference: string } {
  counter += 1;
  return {
    provider: 'huawei',
    account: 'hw',
    messageId: `sms-msg-id-${counter}`,
    recipient: `+86137${String(counter).padStart(8, '0')}`,
    sender: '8690000001',
    reference: `campaign-${counter}`,
    submittedAt: new Date().toISOString(),
    ...changes,
  } as Submission & { readonly reference: string };
}

/** A report of Huawei Cloud's about a submitted message; it says neither recipient nor reference. */
export function huaweiReport({ messageId }: Submission, changes: object = {}): string {
  return JSON.stringify([{ smsMsgId: messageId, status: 'DELIVRD', updateTime: '2026-07-09T03:01:33Z', ...changes }]);
}

/** Tells Quittance of submissions, as a sending service does: any client, any key. */
export async function submit(installation: Installation, ...submissions: readonly (object | string)[]): Promise<void> {
  await publish(installation, 'submissions.v1', null, submissions);
}

/** Says of a spool what its ingress would. */
export async function tellOfSpool(installation: Installation, name: string, report: SpoolReport): Promise<void> {
  await publish(installation, 'spools.v1', name, [report]);
}

async function publish(
  installation: Installation,
  topic: TopicName,
  key: string | null,
  values: readonly (object | string)[],
): Promise<void> {
  const producer = new GroupCommitProducer({ kafka: installation.kafka, logger: silentLogger });
  await producer.connect();
  try {
    for (const value of values) {
      await producer.publish({
        topic: installation.topic(topic),
        key,
        value: typeof value === 'string' ? value : JSON.stringify(value),
        headers: {},
      });
    }
  } finally {
    await producer.close();
  }
}

/** The status of a message; undefined where there is no row. */
export async function statusOf(installation: Installation, { messageId }: Submission): Promise<unknown> {
  return (await installation.rows('SELECT status FROM message WHERE message_id = $1', [messageId]))[0]?.status;
}

/** Events that say that no report came about a message. */
export async function expiries(installation: Installation, messageId: string): Promise<readonly IncomingRecord[]> {
  return (await installation.records('events.v1')).filter((record) => {
    const { messageId: id, reason } = dataOf(record);
    return id === messageId && reason === 'no-receipt';
  });
}

/** What subscribers have been told of a message, repetitions left out. */
export async function toldOf(installation: Installation, messageId: string): Promise<Told[]> {
  const byId = new Map<string, Told>();
  for (const record of await installation.records('message-status.v1')) {
    const data = dataOf(record);
    if (data.messageId === messageId) byId.set(headerText(record, 'ce_id')!, data);
  }
  return [...byId.values()];
}

/** What the tests look at in reports, submissions and changes. */
export interface Told {
  readonly messageId: string;
  readonly revision: number;
  readonly status: string;
  readonly previousStatus: string | null;
  readonly reason: string | null;
}

/** The data of an event. */
export function dataOf({ value }: IncomingRecord): Told {
  return JSON.parse(value!.toString()) as Told;
}
