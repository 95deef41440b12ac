/**
 * Secrets stay where they were given: in the environment and in files; what is somebody's stays in values and rows. Nothing
 * that a process says, shows or is started with holds either, whatever is pushed.
 */
import { randomBytes, randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { signPush } from '../../apps/simulator/src/huawei/sign-push.js';
import type { AppProcess } from './app-process.js';
import { Installation, push } from './installation.js';
import { smsReport } from './receipts.js';
import { until } from './until.js';

const secret = (): string => `secret${randomBytes(16).toString('hex')}`;

const TOKENS = [secret(), secret()] as const;
const PUSH_KEY = { accessKey: secret(), secretKey: secret() };
const CREDENTIALS = { accessKeyId: secret(), accessKeySecret: secret() };
const ERASURE_KEY = `${secret()}${secret()}`;
const NAMESPACE = randomUUID();
const PASSWORD = secret();

/** Each by what it is; access keys are names, but whoever knows one has half of a pair. */
const SECRETS: Readonly<Record<string, string>> = {
  'first token': TOKENS[0],
  'second token': TOKENS[1],
  'access key of pushes': PUSH_KEY.accessKey,
  'secret key of pushes': PUSH_KEY.secretKey,
  'access key of queues': CREDENTIALS.accessKeyId,
  'secret key of queues': CREDENTIALS.accessKeySecret,
  'erasure key': ERASURE_KEY,
  'identity namespace': NAMESPACE,
  'password of the database': PASSWORD,
};

/** What only people have; each is looked for in every line as well. */
const digits = (): string => String(randomBytes(6).readUIntBE(0, 6) % 10 ** 9).padStart(9, '0');
const NUMBERS = [`13${digits()}`, `13${digits()}`] as const;
const TEXT = `words${randomBytes(8).toString('hex')}`;
const PERSONAL: Readonly<Record<string, string>> = {
  'number of a recipient': NUMBERS[0].slice(1),
  'number of a sender': NUMBERS[1].slice(1),
  'text of a reply': TEXT,
};

/** What of them stands in a text. */
function found(text: string): string[] {
  return Object.entries({ ...SECRETS, ...PERSONAL }).flatMap(([what, value]) => (text.includes(value) ? [what] : []));
}

describe('secrets', () => {
  let installation: Installation;
  let apps: { ingress: AppProcess; normaliser: AppProcess; projector: AppProcess };

  beforeAll(async () => {
    installation = await Installation.create({
      configuration: {
        accounts: { main: { provider: 'alibaba', credentials: CREDENTIALS }, hw: { provider: 'huawei' } },
        sources: [
          {
            id: 'sms-report',
            account: 'main',
            receipt: 'SmsReport',
            http: { tokens: TOKENS },
            // Nobody is there: its failures are logged.
            mns: { queue: 'none', queueEndpoint: 'http://127.0.0.1:1', tokenEndpoint: 'http://127.0.0.1:1' },
          },
          { id: 'sms-up', account: 'main', receipt: 'SmsUp', http: { tokens: TOKENS } },
          { id: 'huawei', account: 'hw', receipt: 'BatchStatusReport', http: { pushKeys: [PUSH_KEY] } },
        ],
      },
    });
    const env = { LOG_LEVEL: 'trace', LOG_SAMPLE: '1', IDENTITY_NAMESPACE: NAMESPACE, ERASURE_KEY };
    const [ingress, normaliser, projector] = await Promise.all([
      installation.start('ingress', { env }),
      installation.start('normaliser', { env }),
      installation.start('projector', { env }),
    ]);
    apps = { ingress, normaliser, projector };
  });

  afterAll(async () => {
    await installation.stop();
  });

  it('are in no line, no metric, no answer and no command line, whatever is pushed', async () => {
    const { ingress } = apps;
    const good = smsReport({ phone_number: NUMBERS[0] });
    const reply = {
      phone_number: NUMBERS[1],
      content: TEXT,
      send_time: '2026-07-09 11:05:02',
      dest_code: '2493559',
      sequence_id: 1,
    };
    const answers = [
      await push(ingress, 'sms-up', JSON.stringify([reply]), { token: TOKENS[0] }),
      // What is put aside, as a whole and by its element, is somebody's as well.
      await push(ingress, 'sms-up', `{"phone_number":"${NUMBERS[1]}","content":"${TEXT}"`, { token: TOKENS[0] }),
      await push(ingress, 'sms-report', JSON.stringify([{ ...good, biz_id: null, err_code: TEXT }]), {
        token: TOKENS[0],
      }),
      await push(ingress, 'sms-report', JSON.stringify([good]), { token: TOKENS[0] }),
      await push(ingress, 'sms-report', '[{"biz_id": tru', { token: TOKENS[1] }),
      await push(ingress, 'sms-report', Buffer.alloc(1_000_000), { token: TOKENS[0] }),
      await push(ingress, 'sms-report', '[]', { token: `${TOKENS[0]}x` }),
      await push(ingress, `sms-report/${TOKENS[0]}`, '[]', { token: TOKENS[1] }),
      await push(ingress, TOKENS[0], '[]', { token: 'sms-report' }),
      await push(ingress, 'sms-report', '[]', { token: `${TOKENS[0]}%zz` }),
    ];
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200, 413, 404, 404, 404, 404]);
    for (const key of [PUSH_KEY, { ...PUSH_KEY, secretKey: 'wrong' }, { ...PUSH_KEY, accessKey: 'nobody' }]) {
      const body = Buffer.from('{"statusReportList":[]}');
      const target = '/receipts/huawei';
      const headers = { host: new URL(ingress.door).host, 'content-type': 'application/json' };
      const signed = signPush({ method: 'POST', target, headers, body }, key, Date.now());
      const response = await fetch(`${ingress.door}${target}`, {
        method: 'POST',
        headers: { 'content-type': headers['content-type'], ...signed },
        body,
      });
      answers.push({ status: response.status, body: await response.text() });
    }
    expect(answers.slice(-3).map(({ status }) => status)).toEqual([200, 401, 401]);
    await installation.untilRows(1, `SELECT 1 FROM message WHERE reference = '${good.out_id}'`);
    await installation.untilRows(1, `SELECT 1 FROM mobile_originated WHERE sender = '+86${NUMBERS[1]}'`);
    await until('three are put aside', () => apps.normaliser.log().split('receipt.dead-lettered').length > 3);
    await until('the queue that is not there is logged', () => ingress.log().includes('queue.poll-failed'));

    expect(found(JSON.stringify(answers))).toEqual([]);
    expect(ingress.log()).toContain('receipt.accepted');
    // Refusals are gathered for a while.
    await until('refusals are logged', () => ingress.log().includes('receipt.refused'));
    for (const app of Object.values(apps)) {
      for (const path of ['/metrics', '/health/ready', '/health/live', `/${TOKENS[0]}`]) {
        const text = await (await fetch(`${app.management}${path}`)).text();
        expect([app.process.name, path, found(path === `/${TOKENS[0]}` ? '' : text)]).toEqual([
          app.process.name,
          path,
          [],
        ]);
      }
      expect([app.process.name, found(app.log())]).toEqual([app.process.name, []]);
      expect(found(readFileSync(`/proc/${app.process.pid}/cmdline`, 'utf8'))).toEqual([]);
    }
  });

  it('are in no header of a record', async () => {
    for (const topic of ['raw-receipts.v1', 'events.v1', 'dead-letters.v1', 'message-status.v1'] as const) {
      const records = await installation.records(topic);
      expect(records.length).toBeGreaterThan(0);
      for (const { headers, key } of records) {
        const texts = Object.entries(headers).flatMap(([name, value]) => [name, String(value)]);
        expect([topic, found([...texts, String(key)].join('\n'))]).toEqual([topic, []]);
      }
    }
  });

  it('are in no sentence of a process that cannot start', async () => {
    const unreachable = `postgresql://quittance:${PASSWORD}@127.0.0.1:1/none`;
    const broken = `mysql://quittance:${PASSWORD}@127.0.0.1:1/none`;
    for (const DATABASE_URL of [unreachable, broken]) {
      const projector = await installation.start('projector', { ready: false, env: { DATABASE_URL, ERASURE_KEY } });
      expect(await projector.process.exited).toEqual({ code: 1, signal: null });
      expect(projector.log()).toContain('DATABASE_URL');
    }
    const ingress = await installation.start('ingress', { ready: false, env: { IDENTITY_NAMESPACE: PASSWORD } });
    expect(await ingress.process.exited).toEqual({ code: 1, signal: null });
    expect(ingress.log()).toContain('identityNamespace');
    expect(found(installation.logs())).toEqual([]);
  });
});
