import { randomUUID } from 'node:crypto';
import type { TopicName } from '#contracts';
import { GroupCommitProducer, type OutgoingRecord } from '#kafka';
import { DEVELOPMENT } from '../../../dev/apps.js';
import { push, type Installation } from '../../system/installation.js';
import { silentLogger } from '../../system/silent-logger.js';
import { until } from '../../system/until.js';
import type { Fault } from '../fault.js';
import type { Stage } from '../stage.js';

/** What all of it holds, and nothing else. */
const MARK = 'poison-of-a-fault';

/** How often each kind comes. */
const TIMES = 20;
/** With what a dead letter says besides, it alone is more than a record may be. */
const LONG_KEY = 'k'.repeat(999_900);

/** Records that no stage can read. */
export const POISON_FAULTS: readonly Fault[] = [
  {
    name: 'poison',
    about: 'bodies, raw receipts, events and submissions that cannot be read come into every stage',
    quick: true,
    happen: async (stage) => {
      const producer = new GroupCommitProducer({ kafka: stage.installation.kafka, logger: silentLogger });
      try {
        for (let time = 0; time < TIMES; time += 1) {
          await producer.publishAll(records(stage.installation, time));
          for (const body of bodies(time)) await pushUntilTaken(stage, body);
        }
      } finally {
        await producer.close();
      }
    },
    judge: async ({ installation }) => {
      const expected = TIMES * (records(installation, 0).length + bodies(0).length);
      let found = new Set<string>();
      const look = async (): Promise<boolean> => {
        const letters = await installation.records('dead-letters.v1');
        // Some may be there twice: like everything behind the first topic they are told of at least once.
        found = new Set(
          letters.flatMap((record) => /poison-of-a-fault-[\w.-]+/.exec(record.value?.toString('latin1') ?? '') ?? []),
        );
        return found.size >= expected;
      };
      await until('all poison is dead letters', look, { limit: 30_000, every: 500 }).catch(() => undefined);
      const missing = expected - found.size;
      return missing === 0 ? [] : [`${missing} of ${expected} records of poison are no dead letter`];
    },
  },
];

/** Records that break the contract of their topic, one of each kind. */
function records(installation: Installation, time: number): OutgoingRecord[] {
  const to = (
    topic: TopicName,
    kind: string,
    { key = null as string | null, headers = {}, more = '' } = {},
  ): OutgoingRecord => ({
    topic: installation.topic(topic),
    key,
    value: `${MARK}-${topic}-${kind}-${time} ${more}`,
    headers,
  });
  const key = randomUUID();
  const event = {
    ce_specversion: '1.0',
    ce_id: randomUUID(),
    ce_source: '/quittance/alibaba/main',
    ce_type: 'io.quittance.message.status-reported.v1',
    ce_subject: key,
    ce_time: '2026-01-01T00:00:00.000Z',
    'content-type': 'application/json',
  };
  return [
    to('raw-receipts.v1', 'no-headers'),
    to('raw-receipts.v1', 'unknown-source', { headers: { source: 'nobody', 'receipt-id': randomUUID() } }),
    to('raw-receipts.v1', 'long-key', { key: LONG_KEY }),
    to('events.v1', 'no-headers'),
    to('events.v1', 'long-key', { key: LONG_KEY }),
    to('events.v1', 'no-key', { headers: event }),
    to('events.v1', 'no-json', { key, headers: event }),
    to('events.v1', 'next-version', { key, headers: { ...event, ce_specversion: '2.0' } }),
    to('events.v1', 'unknown-type', { key, headers: { ...event, ce_type: 'io.quittance.message.status-reported.v9' } }),
    to('events.v1', 'large', { key, headers: event, more: 'x'.repeat(800_000) }),
    to('submissions.v1', 'no-json'),
  ];
}

/** Bodies that are taken like any other, and cannot be read. */
function bodies(time: number): string[] {
  return [`[{"${MARK}-cut-off-${time}": `, `${MARK}-no-json-${time}`];
}

async function pushUntilTaken(stage: Stage, body: string): Promise<void> {
  await until('poison is taken', async () => {
    const { status } = await push(stage.part('ingress-1'), 'ali-sms-report', body, { token: DEVELOPMENT.ALI_TOKEN });
    return status === 200;
  });
}
