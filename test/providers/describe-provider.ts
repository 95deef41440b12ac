import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { encodeEvent, type CanonicalEvent } from '#contracts';
import type { Provider, ReadReceipt, ReceiptType } from '#providers';
import { expectValidEvent } from '../contracts/validate-event.js';
import { describeSubmissions } from './describe-submissions.js';
import { kebab, readFixtures, type Fixture } from './fixtures.js';
import { CONTEXT, dataOf, read } from './read.js';

/**
 * What every provider must do, whatever it speaks. Run it in a few lines beside the provider; the folder holds requests
 * as the provider sends them and, as golden files, what they become (rewritten with UPDATE_GOLDEN=1).
 * @param observedTypes receipt types whose facts have neither time nor id of their own, so that content and the moment
 * when they were observed tell one from the next
 */
export function describeProvider(
  provider: Provider,
  fixturesDirectory: string,
  observedTypes: readonly string[] = [],
): void {
  const fixtures = readFixtures(provider, fixturesDirectory);
  const types = Object.values(provider.receiptTypes);

  describe(`provider ${provider.id}`, () => {
    it('names its receipt types by their own names and answers every push', () => {
      expect(Object.keys(provider.receiptTypes)).toEqual(types.map(({ name }) => name));
      expect(provider.answer.status).toBe(200);
      expect(provider.answer.contentType).toBe('application/json');
      expect(() => JSON.parse(provider.answer.body) as unknown).not.toThrow();
      for (const { deadline } of types) expect(deadline).toBeGreaterThan(0);
    });

    it.each(types.map(({ name }) => name))('has fixtures for %s', (name) => {
      expect(fixtures.filter((fixture) => fixture.name.startsWith(`${kebab(name)}.`))).not.toEqual([]);
    });

    describe('submissions', () => {
      describeSubmissions(provider, fixtures);
    });

    describe.each(fixtures)('$name', (fixture) => {
      describeFixture(fixture, observedTypes.includes(fixture.type.name));
    });

    describe.each(types)('$name', (type) => {
      describeHostileBodies(provider, type);
      describeAnything(provider, type, fixtures);
    });
  });
}

function describeFixture({ type, body, golden }: Fixture, isKnownByObservation: boolean): void {
  const first = read(type, body);

  it('becomes what the golden file says', () => {
    const text = `${JSON.stringify(inGoldenForm(first), null, 2)}\n`;
    if (process.env.UPDATE_GOLDEN === '1') writeFileSync(golden, text);
    expect(existsSync(golden) ? readFileSync(golden, 'utf8') : 'no golden file').toBe(text);
  });

  it('becomes events that keep their contracts, and nothing else', () => {
    expect(first.deadLetters).toEqual([]);
    expect(first.events.length).toBe(first.elements);
    for (const event of first.events) {
      expectValidEvent(event.type, dataOf(event));
      expect(event.time).toBe(dataOf(event).occurredAt);
      const { messageKey, personKey, reviewKey, subjectKey } = dataOf(event);
      expect([messageKey, personKey, reviewKey, subjectKey]).toContain(event.subject);
    }
  });

  it('becomes the same ids when it comes again, later and through another door', () => {
    const again = { ...CONTEXT, receiptId: 'another', receivedAt: LATER, timeZone: 'UTC' };
    const later = { ...again, observedAt: LATER };
    expect(idsOf(read(type, body, again))).toEqual(idsOf(first));
    const ids = idsOf(read(type, body, later)).filter((id, index) => id === idsOf(first)[index]);
    expect(ids).toEqual(isKnownByObservation ? [] : idsOf(first));
  });

  it('takes no time that cannot be true, loses none, and is the same fact with or without it', () => {
    const early = read(type, body, { ...CONTEXT, receivedAt: BEFORE_ALL_TIMES });
    expect(early.deadLetters).toEqual([]);
    for (const [index, event] of early.events.entries()) {
      const data = receivedDataOf(event);
      const usual = receivedDataOf(first.events[index] ?? event);
      expect(data).toMatchObject({ occurredAt: CONTEXT.observedAt, occurredAtFrom: 'observed' });
      expect([data.sentAt ?? null, data.submittedAt ?? null]).toEqual([null, null]);
      const hadTime = usual.occurredAtFrom === 'provider' || Boolean(usual.sentAt) || Boolean(usual.submittedAt);
      const kept = Object.keys(data.extra).length - Object.keys(usual.extra).length;
      expect({ event: index, isKept: kept > 0 }).toEqual({ event: index, isKept: hadTime });
      if (event.type.startsWith('io.quittance.message.')) expect(event.id).toBe(first.events[index]?.id);
    }
  });

  it('becomes the same events as an array and object by object', () => {
    const elements = elementsOf(type, body);
    const singly = elements.flatMap((element) => read(type, JSON.stringify(element)).events);
    expect(singly.map((event) => encodeEvent(event))).toEqual(first.events.map((event) => encodeEvent(event)));
    expect(read(type, JSON.stringify(elements)).events.map((event) => encodeEvent(event))).toEqual(
      singly.map((event) => encodeEvent(event)),
    );
  });

  it('loses only the bad elements of a batch, and keeps their bytes and places', () => {
    const good = elementsOf(type, body).map((element) => JSON.stringify(element));
    const bad = ['{ "nothing": "we know" }', '[["]", "\\"", 1]]', 'null', '"text,[{"', '12345678901234567890'];
    const parts = good.flatMap((element, index) => [element, bad[index % bad.length] ?? '']).concat(bad);
    const result = read(type, `\ufeff [ ${parts.join(' ,\n')} ]\n`);
    expect(result.elements).toBe(parts.length);
    expect(result.events.map(({ id }) => id)).toEqual(idsOf(first));
    expect(result.deadLetters.map(({ element, value }) => parts.indexOf(value.toString(), element ?? -1))).toEqual(
      result.deadLetters.map(({ element }) => element),
    );
    expect(result.deadLetters.length).toBe(parts.length - good.length);
  });
}

const LATER = '2026-07-11T10:00:00.000Z';

/** More than a day before any time that a provider may be believed, so that none is. */
const BEFORE_ALL_TIMES = '1999-01-01T00:00:00.000Z';

/** What this suite looks at in the data of an event. */
interface ReceivedData {
  readonly occurredAtFrom: string;
  readonly sentAt?: string | null;
  readonly submittedAt?: string | null;
  readonly extra: object;
}

function receivedDataOf(event: CanonicalEvent): ReceivedData {
  return dataOf(event) as unknown as ReceivedData;
}

function describeHostileBodies(provider: Provider, type: ReceiptType): void {
  it.each([
    ['an empty body', ''],
    ['white space', ' \n'],
    ['a truncated array', '[{"a":1},{"b"'],
    ['text', 'code 0, msg ok'],
    ['another charset', Buffer.from([0x5b, 0xc4, 0xe3, 0xba, 0xc3, 0x5d])],
    ['UTF-16', Buffer.from('\ufeff[{}]', 'utf16le')],
    ['a number', '42'],
    ['null', 'null'],
    ['an array that is nested 200,000 deep and never closed', '['.repeat(200_000)],
    ['more elements than any real body has', `[${'0,'.repeat(60_000)}0]`],
  ])('makes one dead letter of %s', (_what, body) => {
    const result = read(type, Buffer.from(body));
    expect(result.events).toEqual([]);
    expect(result.deadLetters.map(({ element, value }) => ({ element, value }))).toEqual([
      { element: null, value: Buffer.from(body) },
    ]);
  });

  it('counts an empty array, and nothing else', () => {
    expect(read(type, ' [ ] ')).toEqual({ events: [], deadLetters: [], elements: 0 });
  });

  it.each([
    ['plain', '7'],
    ['with a number that a double cannot hold', '12345678901234567890'],
  ])('makes a dead letter of an element that is nested 100,000 deep, %s', (_what, number) => {
    const deep = `{"deep":${'['.repeat(100_000)}${number}${']'.repeat(100_000)}}`;
    const result = read(type, `[${deep},7]`);
    expect(result.elements).toBe(2);
    expect(result.deadLetters.map(({ value }) => value.toString().slice(0, 8))).toEqual(['{"deep":', '7']);
    expect(read(type, deep).deadLetters.length).toBe(1);
  });
}

function describeAnything(provider: Provider, type: ReceiptType, fixtures: readonly Fixture[]): void {
  const samples = fixtures.filter((fixture) => fixture.type === type).flatMap(({ body }) => elementsOf(type, body));

  it('never throws and never loses an element, whatever the bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) => {
        expectNothingLost(read(type, Buffer.from(bytes)));
      }),
    );
  });

  it('never throws and never loses an element, whatever stands in its fields', () => {
    const names = [...new Set(samples.flatMap((sample) => Object.keys(sample as object)))];
    const value = fc.oneof(fc.jsonValue(), fc.string({ unit: 'binary' }), fc.constantFrom(...ODD_VALUES));
    const key = fc.oneof(fc.constantFrom(...names), fc.constantFrom('__proto__', 'constructor', ' out_id ', ''));
    const element = fc
      .tuple(fc.constantFrom(...samples), fc.array(fc.tuple(key, value), { maxLength: 5 }))
      .map(([sample, changes]): unknown => Object.fromEntries([...Object.entries(sample as object), ...changes]));
    fc.assert(
      fc.property(
        fc.array(fc.oneof({ weight: 9, arbitrary: element }, fc.jsonValue()), { maxLength: 4 }),
        (elements) => {
          const result = read(type, JSON.stringify(elements));
          expect(result.elements).toBe(elements.length);
          expectNothingLost(result);
          for (const event of result.events) expectValidEvent(event.type, dataOf(event));
        },
      ),
    );
  });
}

const ODD_VALUES = [
  1e21,
  -0,
  1.5,
  '\0',
  '\ud800',
  '＋８６',
  '+',
  '0000-00-00 00:00:00',
  '2026-02-30 00:00:00',
  '【】',
  '\ufeff',
];

function expectNothingLost({ events, deadLetters, elements }: ReadReceipt): void {
  const whole = deadLetters.filter(({ element }) => element === null).length;
  expect(whole).toBeLessThanOrEqual(1);
  expect(events.length + deadLetters.length).toBe(whole === 1 ? 1 : elements);
}

function elementsOf(type: ReceiptType, body: Buffer): readonly unknown[] {
  const parts = type.readElements(body);
  return 'elements' in parts ? parts.elements : [];
}

function idsOf({ events }: ReadReceipt): string[] {
  return events.map(({ id }) => id);
}

/** What a golden file holds: attributes and data of the events. */
function inGoldenForm({ events, deadLetters }: ReadReceipt): unknown {
  return {
    events: events.map(({ data, ...attributes }) => ({ ...attributes, data })),
    deadLetters: deadLetters.map(({ code, detail, element }) => ({ code, detail, element })),
  };
}
