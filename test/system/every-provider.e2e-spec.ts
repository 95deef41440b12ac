/**
 * Every fixture of every provider, through the real door, to rows and subscriber events: what a provider's own tests say
 * about its receipts holds for the stages after it too.
 */
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { isEventType } from '#contracts';
import { PROVIDERS, type Provider } from '#providers';
import { signPush } from '../../apps/simulator/src/huawei/sign-push.js';
import { expectValidEvent } from '../contracts/validate-event.js';
import { kebab, readFixtures, type Fixture } from '../providers/fixtures.js';
import { CONTEXT, read } from '../providers/read.js';
import type { AppProcess } from './app-process.js';
import { header, Installation, TOKEN } from './installation.js';
import { until } from './until.js';

const PUSH_KEY = { accessKey: 'access-key-of-the-tests', secretKey: 'secret-key-of-the-tests' };
const LIBRARY = join(import.meta.dirname, '..', '..', 'libs', 'providers', 'src');

const providers: readonly Provider[] = Object.values(PROVIDERS);
const pushed = providers.flatMap((provider) =>
  readFixtures(provider, join(LIBRARY, provider.id, 'fixtures')).map((fixture) => ({ provider, fixture })),
);

/** A source for each receipt type of each provider; what can sign, has to. */
const configuration = {
  accounts: Object.fromEntries(
    providers.map(({ id }) => [id, { provider: id, senders: Object.fromEntries(CONTEXT.senders) }]),
  ),
  sources: providers.flatMap((provider) =>
    Object.values(provider.receiptTypes).map((type) => ({
      id: sourceId(provider, type.name),
      account: provider.id,
      receipt: type.name,
      ...(type.channel === null ? { channel: 'whatsapp' } : {}),
      http: provider.checkSignature ? { pushKeys: [PUSH_KEY] } : { tokens: [TOKEN] },
    })),
  ),
};

function sourceId(provider: Provider, receipt: string): string {
  return `${provider.id}-${kebab(receipt)}`;
}

describe('every provider', () => {
  let installation: Installation;
  let ingress: AppProcess;

  beforeAll(async () => {
    installation = await Installation.create({ configuration });
    ({ ingress } = await installation.startAll());
  });

  afterAll(async () => {
    await installation.stop();
  });

  async function push(provider: Provider, { type, headers, body }: Fixture): Promise<Response> {
    const target = `/receipts/${sourceId(provider, type.name)}${provider.checkSignature ? '' : `/${TOKEN}`}`;
    const signed = {
      host: new URL(ingress.door).host,
      'content-type': headers['content-type'] ?? 'application/json',
    };
    const authentication = provider.checkSignature
      ? signPush({ method: 'POST', target, headers: signed, body }, PUSH_KEY, Date.now())
      : {};
    return fetch(`${ingress.door}${target}`, {
      method: 'POST',
      headers: { 'content-type': signed['content-type'], ...authentication },
      body,
    });
  }

  it('takes every receipt and answers as its provider expects', async () => {
    expect(pushed.length).toBeGreaterThan(50);
    for (const { provider, fixture } of pushed) {
      const response = await push(provider, fixture);
      expect([fixture.name, response.status, await response.text()]).toEqual([fixture.name, 200, provider.answer.body]);
    }
  });

  it('makes as many events and dead letters of them as the fixtures say', async () => {
    const results = pushed.map(({ fixture }) => read(fixture.type, fixture.body));
    const events = results.reduce((sum, result) => sum + result.events.length, 0);
    await until('all events are there', async () => (await installation.records('events.v1')).length >= events);
    expect((await installation.records('events.v1')).length).toBe(events);
    const letters = results.reduce((sum, result) => sum + result.deadLetters.length, 0);
    expect((await installation.records('dead-letters.v1')).length).toBe(letters);
  });

  it('projects every event: one row for each aggregate, and nothing aside', async () => {
    const events = await installation.records('events.v1');
    const keys = (type: string) =>
      new Set(
        events
          .filter((event) => header(event, 'ce_type') === `io.quittance.${type}.v1`)
          .map((event) => header(event, type === 'message.originated' ? 'ce_id' : 'ce_subject')),
      ).size;
    await installation.untilRows(keys('message.status-reported'), 'SELECT message_key FROM message');
    await installation.untilRows(keys('message.originated'), 'SELECT event_id FROM mobile_originated');
    await installation.untilRows(keys('review.status-reported'), 'SELECT review_key FROM review');
    await installation.untilRows(keys('account.status-reported'), 'SELECT subject_key FROM account_status');
    for (const type of ['message.status-reported', 'message.originated', 'review.status-reported']) {
      expect(keys(type)).toBeGreaterThan(0);
    }
    expect(keys('account.status-reported')).toBeGreaterThan(0);
    const stages = (await installation.records('dead-letters.v1')).map((letter) => header(letter, 'dead-letter-stage'));
    expect(stages).not.toContain('projector');
  });

  it('tells subscribers nothing that breaks a contract', async () => {
    for (const topic of [
      'message-status.v1',
      'mobile-originated.v1',
      'review-status.v1',
      'account-status.v1',
    ] as const) {
      const changes = await installation.records(topic);
      expect(changes.length).toBeGreaterThan(0);
      for (const change of changes) {
        const type = header(change, 'ce_type');
        if (!isEventType(type)) throw new Error(`${type} is not one of ours`);
        expectValidEvent(type, JSON.parse(change.value!.toString()));
      }
    }
  });

  it('refuses what is signed wrongly with 401, and keeps nothing of it', async () => {
    const before = (await installation.records('raw-receipts.v1')).length;
    const target = '/receipts/huawei-batch-status-report';
    const response = await fetch(`${ingress.door}${target}`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'x-sdk-date': '20260709T030100Z',
        authorization: `SDK-HMAC-SHA256 Access=${PUSH_KEY.accessKey},SignedHeaders=host;x-sdk-date,Signature=${'0'.repeat(64)}`,
      },
      body: '{"statusReportList":[]}',
    });
    expect(response.status).toBe(401);
    expect((await installation.records('raw-receipts.v1')).length).toBe(before);
  });
});
