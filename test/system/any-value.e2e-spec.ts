/**
 * Whatever stands in a field of a receipt, through the real door, Kafka and Postgres: it is in the row as the event had
 * it, or there is a dead letter, and no partition stands still. The values are those that some store on the way refuses.
 */
import { randomInt } from 'node:crypto';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { canonicalJson, encodeEvent, Identity, parseJson, type CanonicalEvent } from '#contracts';
import { PROVIDERS, type ReceiptType } from '#providers';
import { normalise, type DeadLetter, type NormaliserSettings } from '../../apps/normaliser/src/normalise.js';
import { kebab, readFixtures } from '../providers/fixtures.js';
import { CONTEXT, read } from '../providers/read.js';
import type { AppProcess } from './app-process.js';
import { header, Installation, push, TOKEN } from './installation.js';
import { until } from './until.js';

const LIBRARY = join(import.meta.dirname, '..', '..', 'libs', 'providers', 'src');
/** Elements of each receipt type. */
const ELEMENTS = 40;

/** A number as it is to stand in the JSON, whatever a double would make of it. */
const verbatim = (digits: string): string => `@@${digits}@@`;
/** Longer than an index of Postgres takes even when it is packed: every third of a page. */
const LONG = Array.from({ length: 1_500 }, (_, at) => (at * 2_654_435_761).toString(36)).join('');

const STRANGE: readonly unknown[] = [
  '\0',
  'a\0b\\c',
  '\ud800',
  'x\udfffy',
  String.raw`\u0000`,
  String.raw`\\ud800`,
  '\u2028\ufeff\u202e',
  "'; DROP TABLE message; --",
  '9'.repeat(400),
  'x'.repeat(100_000),
  verbatim('12345678901234567890123'),
  verbatim('-1e400'),
  verbatim('0.1000000000000000055511151231257827'),
  verbatim('1e-400'),
  -1,
  true,
  null,
  [],
  { __proto__: null, a: { b: ['\0'] } },
  '275760-09-14 00:00:00',
  '0000-00-00 00:00:00',
  '2026-07-09 11:01:33',
  JSON.parse(`${'['.repeat(200)}${']'.repeat(200)}`),
  JSON.parse('{"__proto__":{"polluted":true},"constructor":{"prototype":1}}'),
];

const types = Object.values(PROVIDERS).flatMap((provider) => {
  const fixtures = readFixtures(provider, join(LIBRARY, provider.id, 'fixtures'));
  return Object.values(provider.receiptTypes).map((type) => ({
    provider,
    type,
    id: `${provider.id}-${kebab(type.name)}`,
    samples: fixtures.filter((fixture) => fixture.type === type).flatMap(({ body }) => elementsOf(type, body)),
  }));
});

const configuration = {
  accounts: Object.fromEntries(Object.keys(PROVIDERS).map((id) => [id, { provider: id }])),
  sources: types.map(({ provider, type, id }) => ({
    id,
    account: provider.id,
    receipt: type.name,
    ...(type.channel === null ? { channel: 'whatsapp' } : {}),
    http: { tokens: [TOKEN], deadline: '10s' },
  })),
};

function elementsOf(type: ReceiptType, body: Buffer): readonly object[] {
  const parts = type.readElements(body);
  return 'elements' in parts ? parts.elements.filter((element) => typeof element === 'object' && element !== null) : [];
}

/** A field that tells one aggregate from another, found by trying; undefined where none alone does. */
function identifyingField(type: ReceiptType, sample: object): string | undefined {
  const subject = (element: object) => read(type, JSON.stringify(element), CONTEXT).events[0]?.subject;
  const usual = subject(sample);
  return Object.keys(sample).find((name) => {
    const other = subject({ ...sample, [name]: '8613900001234' });
    return other !== undefined && other !== usual;
  });
}

/** The body of a push: samples with strange values in some of their fields, each about something else if it can be. */
function strangeBody(type: ReceiptType, samples: readonly object[], seed: number): string {
  const strange = fc.oneof({ weight: 9, arbitrary: fc.constantFrom(...STRANGE) }, fc.string({ unit: 'binary' }));
  const element = fc.constantFrom(...samples).chain((sample) => {
    const own = fc.constantFrom(...Object.keys(sample));
    const name = fc.oneof(
      { weight: 6, arbitrary: own },
      fc.constantFrom('__proto__', 'constructor', 'toString', 'never\0heard'),
    );
    return fc.tuple(fc.constant(sample), fc.array(fc.tuple(name, strange), { minLength: 1, maxLength: 3 }));
  });
  const elements = fc.sample(element, { seed, numRuns: ELEMENTS }).map(([sample, changes], at) => {
    const identity = identifyingField(type, sample);
    const own = identity === undefined ? [] : [[identity, `86139${String(at).padStart(8, '0')}`] as const];
    return Object.fromEntries([...Object.entries(sample), ...own, ...changes]);
  });
  return JSON.stringify(elements).replaceAll(/"@@([^"@]*)@@"/g, '$1');
}

describe('any value in any field', () => {
  const seed = randomInt(2 ** 31);
  let installation: Installation;
  let ingress: AppProcess;
  let expected: { events: CanonicalEvent[]; deadLetters: DeadLetter[] };

  beforeAll(async () => {
    installation = await Installation.create({ configuration });
    ({ ingress } = await installation.startAll());
    for (const { type, id, samples } of types) {
      const answer = await push(ingress, id, strangeBody(type, samples, seed), { timeout: 15_000 });
      expect([id, answer.status, seed]).toEqual([id, 200, seed]);
      // One value that an index refuses, in every field, in turn: it must not hold up the others.
      const [sample = {}] = samples;
      const long = Object.keys(sample).map((name) => ({ ...sample, [name]: `${LONG}${name}` }));
      expect((await push(ingress, id, JSON.stringify(long), { timeout: 15_000 })).status).toBe(200);
    }
    const sources = new Map(
      types.map(({ provider, type, id }) => [
        id,
        {
          provider: provider.id,
          account: provider.id,
          receipt: type.name,
          channel: type.channel ?? ('whatsapp' as const),
          labels: {},
          senders: new Map(),
          sendStatusOne: null,
          timeZone: 'Asia/Shanghai',
        },
      ]),
    );
    const settings: NormaliserSettings = {
      installation: 'quittance',
      identity: new Identity(installation.environment.IDENTITY_NAMESPACE!),
      providers: PROVIDERS,
      source: (id) => sources.get(id),
    };
    const normalised = (await installation.records('raw-receipts.v1')).map((record) => normalise(record, settings));
    expected = {
      events: normalised.flatMap(({ events }) => events),
      deadLetters: normalised.flatMap(({ deadLetters }) => deadLetters),
    };
  });

  afterAll(async () => {
    await installation.stop();
  });

  it('ends as a row or a dead letter, and no partition stands still', async () => {
    const events = async () => await installation.records('events.v1');
    await until('all events are there', async () => (await events()).length >= expected.events.length);
    const ends = new Map<number, bigint>();
    for (const { partition, offset } of await events()) ends.set(partition, BigInt(offset) + 1n);
    await until('all events have been projected', async () => {
      const rows = await installation.rows('SELECT partition, next_offset FROM projector_offset');
      const next = new Map(rows.map((row) => [row.partition as number, BigInt(row.next_offset as string)]));
      return [...ends].every(([partition, end]) => (next.get(partition) ?? 0n) >= end);
    });
    expect((await events()).length).toBe(expected.events.length);
    const letters = await installation.records('dead-letters.v1');
    const ofNormaliser = letters.filter((letter) => header(letter, 'dead-letter-stage') === 'normaliser');
    expect(ofNormaliser.length).toBe(expected.deadLetters.length);
    // Nothing here is a defect of ours: an index refuses what is too long, a set of facts has its bound, and that is all.
    const codes = letters.map(
      (letter) => `${header(letter, 'dead-letter-code')} ${header(letter, 'dead-letter-detail')}`,
    );
    expect(codes.filter((code) => /UNEXPLAINED|EVENT_INVALID|STORE_REFUSED SQLSTATE (?!54000)/.test(code))).toEqual([]);
  });

  it('is in the row as the event had it', async () => {
    const stored = new Map<string, unknown>();
    for (const table of ['message', 'mobile_originated', 'review', 'account_status']) {
      for (const row of await installation.rows(`SELECT facts::text AS facts FROM ${table}`)) {
        for (const fact of parseJson(row.facts as string) as { id: string; data: unknown }[])
          stored.set(fact.id, fact.data);
      }
    }
    const refused = new Set(
      (await installation.records('dead-letters.v1'))
        .filter((letter) => header(letter, 'dead-letter-stage') === 'projector')
        .map((letter) => header(letter, 'ce_id')),
    );
    // Where one fact came in several versions the row has them joined.
    const copies = Map.groupBy(expected.events, ({ id }) => id);
    let compared = 0;
    for (const [id, [event, ...others]] of copies) {
      const isThere = stored.has(id) || refused.has(id);
      expect([seed, id, isThere]).toEqual([seed, id, true]);
      if (others.length > 0 || !stored.has(id)) continue;
      const data = parseJson(encodeEvent(event!).value);
      expect([seed, canonicalJson(stored.get(id))]).toEqual([seed, canonicalJson(data)]);
      compared += 1;
    }
    expect(compared).toBeGreaterThan(100);
  });
});
