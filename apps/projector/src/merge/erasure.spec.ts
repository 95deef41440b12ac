import { describe, expect, it } from '@jest/globals';
import type { AccountStatusReported, MessageOriginated } from '#contracts';
import fc from 'fast-check';
import { eraseFacts, withFactErased, type ErasureRules, type Erasures } from './erasure.js';
import { withFact, type Fact, type JoinData } from './fact-set.js';
import { joinUnmapped } from './join-data.js';
import { mergeFact } from './merge-event.js';
import { joinMessageFacts, type MessageFact } from './message-fact.js';
import { deriveMessage } from './message-state.js';
import { numberIdentifiers, userIdentifier } from './person-identifiers.js';
import { ACCOUNT_ERASURE, MESSAGE_ERASURE, ORIGINATED_ERASURE } from './personal-data.js';

const NUMBER = '+8613800000001';
const PERSONS = new Set([...numberIdentifiers(NUMBER), userIdentifier('whatsapp', 'US.1')]);
const INSTANT = Date.UTC(2026, 6, 9, 12);

const ERASURES: Erasures = {
  instantOf: (persons) => ([...persons].some((person) => PERSONS.has(person)) ? INSTANT : null),
};

/** A receipt of so many hours before or after the instant. */
function receiptId(hours: number): string {
  const time = (INSTANT + hours * 3_600_000).toString(16).padStart(12, '0');
  return `${time.slice(0, 8)}-${time.slice(8)}-7000-8000-000000000000`;
}

const anyReceipt = fc.constantFrom(-2, -1, 1, 2).map(receiptId);
const orNull = <T>(values: fc.Arbitrary<T>) => fc.option(values, { nil: null });
const time = fc.constantFrom('2026-07-09T11:00:00.000Z', '2026-07-09T13:00:00.000Z');
const anyExtra = fc.dictionary(fc.constantFrom('To', 'x'), fc.constantFrom('13800000001', 1), { maxKeys: 2 });

const report = fc.record({
  id: fc.constantFrom('a', 'b', 'c'),
  receiptId: anyReceipt,
  data: fc.record({
    channel: fc.constant('whatsapp'),
    messageKey: fc.constant('key'),
    sender: fc.constant('8613100000008'),
    recipient: orNull(fc.constant(NUMBER)),
    recipientRaw: orNull(fc.constantFrom('13800000001', '+86 138 0000 0001')),
    recipientUserId: orNull(fc.constant('US.1')),
    segment: fc.constant(null),
    status: fc.constantFrom('sent', 'delivered', 'failed'),
    final: fc.boolean(),
    reason: fc.constant(null),
    retry: fc.constant(null),
    reportedBy: fc.constant('carrier'),
    providerCode: orNull(fc.constant('C1')),
    reference: orNull(fc.constantFrom('o1', 'o2')),
    occurredAt: time,
    occurredAtFrom: fc.constantFrom('provider', 'observed'),
    mappingRevision: fc.constantFrom(1, 2),
    extra: anyExtra,
  }),
});

const submission = fc.record({
  id: fc.constant('s'),
  receiptId: fc.constant('quittance.submissions.v1/0/1'),
  data: fc.record({
    channel: fc.constant('whatsapp'),
    messageKey: fc.constant('key'),
    recipient: orNull(fc.constant(NUMBER)),
    reference: orNull(fc.constant('o3')),
    submittedAt: time,
    expectReportWithin: fc.constant('PT1H'),
  }),
});

const originated = fc.record({
  id: fc.constantFrom('a', 'b'),
  receiptId: anyReceipt,
  data: fc.record({
    channel: fc.constant('sms'),
    sender: orNull(fc.constant(NUMBER)),
    senderRaw: orNull(fc.constantFrom('13800000001', '8613800000001')),
    senderUserId: fc.constant(null),
    senderName: orNull(fc.constant('Li')),
    addressee: orNull(fc.constant('106900')),
    content: fc.record({
      kind: fc.constantFrom('text', 'unknown'),
      text: orNull(fc.constantFrom('TD', 'td')),
      media: fc.constant(null),
      location: fc.constant(null),
      reply: orNull(fc.constant({ id: 'x' })),
    }),
    keyword: orNull(fc.constant('stop')),
    occurredAt: time,
    occurredAtFrom: fc.constant('provider'),
    extra: anyExtra,
  }),
});

const notice = fc.record({
  id: fc.constantFrom('a', 'b', 'c'),
  receiptId: anyReceipt,
  data: fc.record({
    channel: fc.constant('whatsapp'),
    subject: fc.constant({ kind: 'person', id: NUMBER }),
    value: fc.constantFrom('subscribe', 'unsubscribe'),
    occurredAt: time,
    occurredAtFrom: fc.constant('provider'),
    extra: anyExtra,
  }),
});

interface Kind {
  readonly facts: fc.Arbitrary<Fact<never>[]>;
  readonly join: JoinData<never>;
  readonly rules: ErasureRules<never>;
}

function kind<D>(fact: fc.Arbitrary<unknown>, join: JoinData<D>, rules: ErasureRules<D>): Kind {
  return { facts: fc.array(fact, { minLength: 1, maxLength: 8 }), join, rules } as unknown as Kind;
}

describe.each<[string, Kind]>([
  ['messages', kind<MessageFact>(fc.oneof(report, submission), joinMessageFacts, MESSAGE_ERASURE)],
  ['what people sent', kind<MessageOriginated>(originated, joinUnmapped, ORIGINATED_ERASURE)],
  ['consent', kind<AccountStatusReported>(notice, joinUnmapped, ACCOUNT_ERASURE)],
])('erasing %s', (_name, { facts: anyFacts, join, rules }) => {
  const erase = (set: readonly Fact<never>[]) => eraseFacts(set, rules, ERASURES);
  const build = (facts: readonly Fact<never>[]) =>
    facts.reduce<readonly Fact<never>[]>((set, fact) => withFact(set, fact, join), []);
  const addErased = (set: readonly Fact<never>[], facts: readonly Fact<never>[]) =>
    facts.reduce((grown, fact) => withFactErased(grown, fact, join, rules, ERASURES), set);

  it('at every step gives what erasing at the end gives, in any order, and from any step on', () => {
    const shuffled = anyFacts.chain((facts) =>
      fc.tuple(
        fc.constant(facts),
        fc.shuffledSubarray(facts, { minLength: facts.length }),
        fc.nat({ max: facts.length }),
      ),
    );
    fc.assert(
      fc.property(shuffled, ([facts, others, at]) => {
        const once = erase(build(facts));
        expect(addErased([], others)).toEqual(once);
        // Erased when some of it was in the table already; the whole topic replayed afterwards.
        const later = addErased(erase(build(others.slice(0, at))), others.slice(at));
        expect(later).toEqual(once);
        expect(addErased(later, facts)).toBe(later);
      }),
      { numRuns: 1_000 },
    );
  });

  it('is done once', () => {
    fc.assert(
      fc.property(anyFacts, (facts) => {
        const once = erase(build(facts));
        expect(erase(once)).toBe(once);
        for (const { data } of once) expect(rules.scrub(rules.scrub(data))).toEqual(rules.scrub(data));
      }),
    );
  });
});

describe('an erased message', () => {
  const data = (changes: object) =>
    ({
      channel: 'sms',
      messageId: 'm1',
      sender: '10690000',
      recipient: NUMBER,
      recipientRaw: '13800000001',
      recipientUserId: null,
      segment: null,
      status: 'delivered',
      final: true,
      providerCode: 'DELIVERED',
      reference: 'order-1',
      occurredAt: '2026-07-09T11:00:00.000Z',
      occurredAtFrom: 'provider',
      mappingRevision: 1,
      extra: { To: '13800000001' },
      ...changes,
    }) as unknown as MessageFact;
  const set = (...facts: Fact<MessageFact>[]) =>
    eraseFacts(
      facts.reduce<readonly Fact<MessageFact>[]>((grown, fact) => withFact(grown, fact, joinMessageFacts), []),
      MESSAGE_ERASURE,
      ERASURES,
    );

  it('keeps what is not about the person', () => {
    expect(set({ id: 'a', receiptId: receiptId(-1), data: data({}) })).toEqual([
      {
        id: 'a',
        receiptId: receiptId(-1),
        data: data({ recipient: null, recipientRaw: null, reference: null, extra: {} }),
        erased: true,
      },
    ]);
  });

  it('is one that a report before the instant is about, though only a later one names the person', () => {
    const unnamed = { id: 'a', receiptId: receiptId(-1), data: data({ recipient: null, recipientRaw: null }) };
    const naming = { id: 'b', receiptId: receiptId(1), data: data({}) };
    expect(set(unnamed)[0]!.erased).toBeUndefined();
    expect(JSON.stringify(set(unnamed, naming))).not.toMatch(/1380000|order-1/);
  });

  it('is not one that came later, nor one to somebody else', () => {
    expect(set({ id: 'a', receiptId: receiptId(1), data: data({}) })[0]!.data).toEqual(data({}));
    const other = data({ recipient: '+13800000001', recipientRaw: '+13800000001' });
    expect(set({ id: 'a', receiptId: receiptId(-1), data: other })[0]!.data).toEqual(other);
  });

  it('is known by its number however it was written where the country was not certain', () => {
    for (const recipientRaw of ['8613800000001', '00 86 138-0000-0001', '13800000001', '(138) 0000.0001']) {
      expect(set({ id: 'a', receiptId: receiptId(-1), data: data({ recipient: null, recipientRaw }) })[0]!.erased).toBe(
        true,
      );
    }
  });

  it('is told once more, without the person; and again nothing of it', () => {
    const fact = { id: 'a', receiptId: receiptId(-1), data: data({}) };
    const rules = { join: joinMessageFacts, derive: deriveMessage, erasure: MESSAGE_ERASURE };
    const before = mergeFact({ key: 'k', facts: [], revision: 0 }, fact, rules).aggregate;
    const { aggregate, change } = mergeFact(before, fact, rules, ERASURES);
    expect(change).toMatchObject({ revision: 2, state: { status: 'delivered', recipient: null, reference: null } });
    expect(mergeFact(aggregate, fact, rules, ERASURES)).toEqual({ aggregate, change: null });
  });
});
