/**
 * One truth for two doors: what is pushed and queued, in any order and more than once, gives the same facts, under the same
 * ids, and the same rows as what is only pushed.
 */
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { CANARY_PREFIX, PROVIDERS, type ReceiptType } from '#providers';
import { loadConfiguration } from '#runtime';
import { checkSources } from '../../apps/ingress/src/check/check-sources.js';
import { seededRandom } from '../../apps/simulator/src/plan/random.js';
import { kebab, readFixtures } from '../providers/fixtures.js';
import { CONTEXT } from '../providers/read.js';
import type { AppProcess } from '../system/app-process.js';
import { header, Installation, push, TOKEN } from '../system/installation.js';
import { until } from '../system/until.js';
import { KEY } from '../clients/simulator-process.js';
import { queued, SimulatedQueues } from './simulated-queues.js';

/** Every receipt of Alibaba Cloud whose facts have an id or a time of their own. */
const provider = PROVIDERS.alibaba!;
const types = Object.values(provider.receiptTypes).filter(({ timeless }) => timeless !== true);
const FIXTURES = join(import.meta.dirname, '..', '..', 'libs', 'providers', 'src', 'alibaba', 'fixtures');

const facts = readFixtures(provider, FIXTURES)
  .filter(({ type }) => types.includes(type))
  .flatMap(({ type, body }) => {
    const read = type.readElements(body);
    return 'elements' in read ? read.elements.map((element) => ({ type, element: element as object })) : [];
  });

const sourceOf = (type: ReceiptType): string => `ali-${kebab(type.name)}`;
const queueOf = (type: ReceiptType): string => `Alicom-Queue-1000000000000001-${type.name}`;

const configuration = {
  accounts: { main: { provider: 'alibaba', credentials: KEY, senders: Object.fromEntries(CONTEXT.senders) } },
  sources: types.map((type) => ({
    id: sourceOf(type),
    account: 'main',
    receipt: type.name,
    ...(type.channel === null ? { channel: 'whatsapp' } : {}),
    http: { tokens: [TOKEN] },
    mns: { queue: queueOf(type) },
  })),
};

/**
 * How many facts a row holds, and what they amount to. Where a fact has no time of its own it counts from when it was first
 * seen, which is for each order of coming another moment, and so may be the last word.
 */
const SAID = `json_array_length(facts) AS facts, CASE WHEN facts::text NOT LIKE '%"occurredAtFrom":"observed"%'
  THEN concat_ws('/', status, reason) END AS said`;

/** What an installation has come to know. */
interface Knowledge {
  /** Ids of the facts, each once. */
  readonly facts: readonly string[];
  readonly messages: readonly object[];
  readonly replies: readonly object[];
  readonly reviews: readonly object[];
}

/** Another order in every run; it is named when something fails. */
const SEED = Date.now() % 1_000_000;

function shuffled<T>(list: T[]): T[] {
  const random = seededRandom(SEED);
  return list
    .map((item) => ({ item, at: random.fraction() }))
    .sort((a, b) => a.at - b.at)
    .map(({ item }) => item);
}

describe(`a source with two doors, seed ${SEED}`, () => {
  const namespace = randomUUID();
  let queues: SimulatedQueues;
  let installation: Installation;
  let ingress: AppProcess;

  beforeAll(async () => {
    queues = await SimulatedQueues.start({ QUEUES: types.map(queueOf).join() });
  }, 60_000);

  afterAll(async () => {
    await Promise.all([installation.stop(), queues.stop()]);
  }, 60_000);

  /** Lets receipts in by `send`, and waits until `count` of them have become rows. */
  async function after(send: (ingress: AppProcess) => Promise<number>): Promise<Knowledge> {
    installation = await Installation.create({ configuration });
    const env = { ...queues.endpoints, IDENTITY_NAMESPACE: namespace };
    ingress = await installation.start('ingress', { env });
    await Promise.all([installation.start('normaliser', { env }), installation.start('projector', { env })]);
    const sent = await send(ingress);
    await until('all receipts were taken', async () => (await installation.records('raw-receipts.v1')).length >= sent);
    await until('all of them were normalised', async () => (await installation.records('events.v1')).length >= sent);
    const last = new Map<number, bigint>();
    for (const { partition, offset } of await installation.records('events.v1'))
      last.set(partition, BigInt(offset) + 1n);
    await until('all of them were projected', async () => {
      const offsets = await installation.rows('SELECT partition, next_offset FROM projector_offset');
      const reached = new Map(offsets.map(({ partition, next_offset: next }) => [partition, BigInt(String(next))]));
      return [...last].every(([partition, next]) => (reached.get(partition) ?? 0n) >= next);
    });
    const events = await installation.records('events.v1');
    return {
      facts: [...new Set(events.map((event) => header(event, 'ce_id')))].sort(),
      messages: await installation.rows(
        `SELECT message_key, message_id, recipient, reference, conflict, ${SAID} FROM message ORDER BY message_key`,
      ),
      replies: await installation.rows(
        `SELECT event_id, sender, addressee, keyword, origin_id FROM mobile_originated ORDER BY event_id`,
      ),
      reviews: await installation.rows(`SELECT review_key, ${SAID} FROM review ORDER BY review_key`),
    };
  }

  it('gives each fact once, whichever door it came through first', async () => {
    const pushOne = async (ingress: AppProcess, { type, element }: (typeof facts)[number]): Promise<void> => {
      expect((await push(ingress, sourceOf(type), JSON.stringify([element]))).status).toBe(200);
    };
    const queueOne = ({ type, element }: (typeof facts)[number]): Promise<void> =>
      queues.send(queueOf(type), [queued(element)]);

    const pushed = await after(async (ingress) => {
      for (const fact of facts) await pushOne(ingress, fact);
      return facts.length;
    });
    // Its ingress would fetch what the other one is to get.
    await installation.stop();
    const both = await after(async (ingress) => {
      // In any order; by turns pushed first, queued first, at the same time, queued twice.
      for (const [index, fact] of shuffled([...facts.entries()])) {
        const deliveries = [() => pushOne(ingress, fact), () => queueOne(fact)];
        if (index % 4 === 1) deliveries.reverse();
        if (index % 4 === 2) await Promise.all(deliveries.map((deliver) => deliver()));
        else for (const deliver of deliveries) await deliver();
        if (index % 4 === 3) await queueOne(fact);
      }
      return facts.length * 2 + facts.filter((_, index) => index % 4 === 3).length;
    });

    expect(pushed.facts.length).toBeGreaterThan(100);
    expect(pushed.replies.length).toBeGreaterThan(5);
    expect(pushed.reviews.length).toBeGreaterThan(2);
    expect(both).toEqual(pushed);
    for (const type of types) expect(await queues.size(queueOf(type))).toBe(0);
  }, 240_000);

  it('is set up rightly: door, token, queue, and a canary that goes the whole way', async () => {
    const { QUITTANCE_CONFIG: file, TOPIC_PREFIX: topicPrefix } = installation.environment as Record<string, string>;
    const environment = {
      kafka: { ...installation.kafka, tls: null, sasl: null },
      topicPrefix: topicPrefix!,
      mnsQueueEndpoint: queues.url,
      mnsTokenEndpoint: queues.url,
    };
    const check = async (door: string, source: string, canary: boolean): Promise<[boolean, string[]]> => {
      const lines: string[] = [];
      const context = {
        configuration: loadConfiguration(file!, installation.environment, PROVIDERS),
        environment,
        print: (line: string) => lines.push(line),
      };
      return [await checkSources(context, { source, publicUrl: door, canary, showTokens: false }), lines];
    };
    const [isRight, lines] = await check(ingress.door, 'ali-sms-report', true);
    // The tests speak without TLS, which is wrong everywhere else.
    expect(lines.filter((line) => line.includes('WRONG'))).toEqual([expect.stringMatching(/^ {2}tls .*https$/)]);
    expect(isRight).toBe(false);
    expect(lines).toContain('  door     ok     200 for its address, 404 for another token');
    expect(lines).toContain('  token    ok     granted for SmsReport');
    expect(lines).toContain('  queue    ok     Alicom-Queue-1000000000000001-SmsReport: nothing waits in it');
    const canary = lines.find((line) => line.startsWith('  canary'));
    expect(canary).toMatch(/ok {5}acknowledged after \d+ ms; raw receipt \d+ ms, event \d+ ms, subscribers \d+ ms/);
    expect(lines.join('\n')).not.toContain(TOKEN);
    const [row] = await installation.rows('SELECT status, final FROM message WHERE starts_with(message_id, $1)', [
      CANARY_PREFIX,
    ]);
    expect(row).toEqual({ status: 'delivered', final: true });

    expect((await check(ingress.door, 'ali-sms-up', true))[1].at(-1)).toMatch(/^ {2}canary +none: /);
    const [, elsewhere] = await check(queues.url, 'ali-sms-up', false);
    expect(elsewhere).toContainEqual(expect.stringMatching(/^ {2}door {5}WRONG {2}404: /));
  }, 60_000);
});
