import { describe, expect, it } from '@jest/globals';
import type { MessageStatusReported, MessageSubmitted } from '#contracts';
import fc from 'fast-check';
import type { Fact } from './fact-set.js';
import { mergeFact, type Aggregate } from './merge-event.js';
import { isReport, joinMessageFacts, waitEndsAt, type MessageFact } from './message-fact.js';
import { deriveMessage, REPORT_DUE_AT } from './message-state.js';

const orNull = <T>(values: fc.Arbitrary<T>) => fc.option(values, { nil: null });
const minute = fc.integer({ min: 0, max: 5 });
const instant = minute.map((minutes) => new Date(Date.UTC(2026, 6, 9, 3, minutes)).toISOString());
const about = { provider: 'huawei', account: 'hw', channel: 'sms', labels: {}, messageKey: 'key' } as const;
const numbers = orNull(fc.constantFrom('+8613800000001', '+8613800000002'));
const references = orNull(fc.constantFrom('o1', 'o2'));

const submission: fc.Arbitrary<MessageSubmitted> = fc.record({
  ...constants(about),
  messageId: fc.constantFrom('m1', 'm2'),
  sender: orNull(fc.constantFrom('s1', 's2')),
  recipient: numbers,
  reference: references,
  submittedAt: instant,
  expectReportWithin: orNull(fc.constantFrom('PT1H', 'PT60M', 'P1D', 'PT2H')),
});

const report: fc.Arbitrary<MessageStatusReported> = fc.record({
  ...constants({ ...about, recipientRaw: null, recipientUserId: null, segmentCount: null, providerDescription: null }),
  messageId: orNull(fc.constantFrom('m1', 'm2')),
  sender: orNull(fc.constantFrom('s3')),
  recipient: numbers,
  segment: orNull(fc.record({ number: fc.constantFrom(1, 2), total: fc.constantFrom(1, 2, 3) })),
  status: fc.constantFrom(
    'pending' as const,
    'sent' as const,
    'delivered' as const,
    'failed' as const,
    'expired' as const,
  ),
  final: fc.boolean(),
  reason: orNull(fc.constantFrom('handset' as const, 'no-receipt' as const)),
  retry: fc.constant(null),
  reportedBy: orNull(fc.constantFrom('carrier' as const, 'quittance' as const)),
  providerStatus: fc.constant(null),
  providerCode: orNull(fc.constantFrom('A', 'B')),
  reference: references,
  sentAt: orNull(instant),
  occurredAt: instant,
  occurredAtFrom: fc.constantFrom('provider' as const, 'observed' as const),
  mappingRevision: fc.constantFrom(1, 2),
  extra: fc.constant({}),
});

/** Facts as they are: one id for the submission, others for reports. */
const fact: fc.Arbitrary<Fact<MessageFact>> = fc.oneof(
  fc.record(
    { id: fc.constant('s'), receiptId: fc.constantFrom('r1', 'r2'), data: submission },
    { noNullPrototype: true },
  ),
  fc.record(
    { id: fc.constantFrom('a', 't', 'z'), receiptId: fc.constantFrom('r1', 'r2'), data: report },
    { noNullPrototype: true },
  ),
);

function constants<T extends object>(values: T): { [K in keyof T]: fc.Arbitrary<T[K]> } {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, fc.constant(value)])) as never;
}

const RULES = { join: joinMessageFacts, derive: deriveMessage };

function merge(facts: readonly Fact<MessageFact>[], from?: Aggregate<MessageFact>) {
  let aggregate: Aggregate<MessageFact> = from ?? { key: 'key', facts: [], revision: 0 };
  const changes = [];
  for (const one of facts) {
    const merged = mergeFact(aggregate, one, RULES);
    aggregate = merged.aggregate;
    if (merged.change) changes.push(merged.change);
  }
  return { aggregate, changes };
}

describe('a message with submissions among its facts', () => {
  const several = fc.array(fact, { minLength: 1, maxLength: 8 });

  it('does not depend on order, or on how often a fact comes', () => {
    const shuffledTwice = several.chain((facts) =>
      fc.tuple(
        fc.constant(facts),
        fc.shuffledSubarray([...facts, ...facts], { minLength: facts.length * 2, maxLength: facts.length * 2 }),
      ),
    );
    fc.assert(
      fc.property(shuffledTwice, ([facts, again]) => {
        const calm = merge(facts).aggregate;
        const wild = merge(again).aggregate;
        expect(JSON.stringify(wild.facts)).toBe(JSON.stringify(calm.facts));
        expect(deriveMessage(wild.facts)).toEqual(deriveMessage(calm.facts));
        expect(deriveMessage(wild.facts.toReversed())).toEqual(deriveMessage(calm.facts));
      }),
      { numRuns: 1_000 },
    );
  });

  it('joins copies idempotently, commutatively and associatively, whatever kinds they are', () => {
    const text = JSON.stringify;
    const data = fc.oneof(submission, report);
    fc.assert(
      fc.property(data, data, data, (a, b, c) => {
        const join = joinMessageFacts;
        expect(text(join(join(a, b), join(a, b)))).toBe(text(join(a, b)));
        expect(text(join(a, b))).toBe(text(join(b, a)));
        expect(text(join(join(a, b), c))).toBe(text(join(a, join(b, c))));
      }),
      { numRuns: 1_000 },
    );
  });

  it('tells the same changes however the facts are cut into batches, and none when they are replayed', () => {
    fc.assert(
      fc.property(several, fc.nat(8), (facts, cut) => {
        const whole = merge(facts);
        const first = merge(facts.slice(0, cut));
        const rest = merge(facts.slice(cut), first.aggregate);
        expect([...first.changes, ...rest.changes]).toEqual(whole.changes);
        expect(merge(facts, whole.aggregate).changes).toEqual([]);
      }),
    );
  });

  it('says what its reports say about its outcome, and takes from the submission only what they leave open', () => {
    fc.assert(
      fc.property(several, submission, (facts, submitted) => {
        const reports = merge(facts).aggregate.facts.filter(isReport);
        fc.pre(reports.length > 0);
        const bare = deriveMessage(reports);
        const state = deriveMessage([...reports, { id: 's', receiptId: 'r', data: submitted }]);
        expect(state).toEqual({
          ...bare,
          messageId: bare.messageId ?? submitted.messageId,
          sender: bare.sender ?? submitted.sender,
          recipient: bare.recipient ?? submitted.recipient,
          reference: bare.reference ?? submitted.reference,
          submittedAt: submitted.submittedAt,
          [REPORT_DUE_AT]: state[REPORT_DUE_AT],
        });
      }),
    );
  });

  it('is waited for only while our saying that nothing came would say something', () => {
    const expired: Partial<MessageStatusReported> = {
      status: 'expired',
      final: false,
      reason: 'no-receipt',
      segment: null,
    };
    fc.assert(
      fc.property(several, report, submission, (facts, some, submitted) => {
        const known = [...merge(facts).aggregate.facts.filter(isReport), { id: 's', receiptId: 'r', data: submitted }];
        const before = deriveMessage(known);
        const due = before[REPORT_DUE_AT];
        if (due !== null) expect(before.final).toBe(false);
        const told = { id: 'n', receiptId: 'r', data: { ...some, ...expired, occurredAt: due ?? some.occurredAt } };
        const after = deriveMessage([...known, told]);
        // Said once, it is never due again.
        expect(after[REPORT_DUE_AT]).toBeNull();
        if (due === null || before.segments.total !== null) return;
        expect(after).toMatchObject({ status: 'expired', final: false, reason: 'no-receipt', conflict: false });
      }),
    );
  });
});

describe('a submission', () => {
  const SUBMITTED: MessageSubmitted = {
    ...about,
    messageId: 'm1',
    sender: null,
    recipient: '+8613800000001',
    reference: 'o1',
    submittedAt: '2026-07-09T03:00:00.000Z',
    expectReportWithin: 'PT72H',
  };

  it('alone is a message that is pending, and due when its wait is over', () => {
    const state = deriveMessage([{ id: 's', receiptId: 'r', data: SUBMITTED }]);
    expect(state).toMatchObject({
      status: 'pending',
      final: false,
      reportedBy: null,
      messageId: 'm1',
      recipient: '+8613800000001',
      reference: 'o1',
      submittedAt: SUBMITTED.submittedAt,
      sentAt: null,
      occurredAt: SUBMITTED.submittedAt,
      occurredAtFrom: 'observed',
      [REPORT_DUE_AT]: '2026-07-12T03:00:00.000Z',
    });
    // What is waited for is nobody's business but the table's.
    expect(Object.keys(JSON.parse(JSON.stringify(state)) as object)).toEqual(Object.keys(state));
    expect(JSON.stringify(state)).not.toContain('2026-07-12');
  });

  it('told twice counts from its earlier time and waits until the later of its ends', () => {
    const again = { ...SUBMITTED, submittedAt: '2026-07-09T03:05:00.000Z', expectReportWithin: 'P4D', reference: null };
    for (const joined of [joinMessageFacts(SUBMITTED, again), joinMessageFacts(again, SUBMITTED)]) {
      expect(joined).toEqual({ ...SUBMITTED, expectReportWithin: 'PT96H5M' });
      expect(waitEndsAt(joined as MessageSubmitted)).toBe(waitEndsAt(again));
    }
    expect(joinMessageFacts(SUBMITTED, { ...SUBMITTED, expectReportWithin: null })).toEqual(SUBMITTED);
    // A shorter wait that began later may end later.
    const later = { ...SUBMITTED, submittedAt: '2026-07-11T03:00:00.000Z', expectReportWithin: 'PT48H' };
    expect(waitEndsAt(joinMessageFacts(SUBMITTED, later) as MessageSubmitted)).toBe('2026-07-13T03:00:00.000Z');
  });

  it('changes nothing that subscribers are told when only its wait changes', () => {
    const submitted = { id: 's', receiptId: 'r', data: SUBMITTED };
    const longer = { ...submitted, data: { ...SUBMITTED, expectReportWithin: 'P4D' } };
    const { aggregate, changes } = merge([submitted, longer]);
    expect(changes).toHaveLength(1);
    expect(deriveMessage(aggregate.facts)[REPORT_DUE_AT]).toBe('2026-07-13T03:00:00.000Z');
  });
});

describe('what never came', () => {
  const base = fc.sample(report, { numRuns: 1, seed: 1 })[0]!;
  const saying = (id: string, changes: Partial<MessageStatusReported>) => ({
    id,
    receiptId: 'r',
    data: { ...base, segment: null, final: true, reason: null, occurredAt: '2026-07-09T03:00:00.000Z', ...changes },
  });
  const submitted = { id: 's', receiptId: 'r', data: fc.sample(submission, { numRuns: 1, seed: 1 })[0]! };
  const nothing = saying('n', { status: 'expired', final: false, reason: 'no-receipt', reportedBy: 'quittance' });

  it.each(['delivered', 'failed', 'expired', 'unknown'] as const)('gives way to %s, however late', (status) => {
    const state = deriveMessage([submitted, nothing, saying('z', { status })]);
    expect(state).toMatchObject({ status, final: true, reason: null, conflict: false, [REPORT_DUE_AT]: null });
  });

  it('speaks for the segments that nothing final was said of, and for no other', () => {
    const first = saying('a', { status: 'delivered', segment: { number: 1, total: 3 } });
    const second = saying('b', { status: 'sent', final: false, segment: { number: 2, total: 3 } });
    const third = saying('c', { status: 'delivered', segment: { number: 3, total: 3 } });
    const waited = deriveMessage([submitted, first, second, third]);
    expect(waited).toMatchObject({ status: 'sent', segments: { total: 3, delivered: 2, failed: 0, pending: 1 } });
    const state = deriveMessage([submitted, first, second, third, nothing]);
    expect(state).toMatchObject({
      status: 'expired',
      reason: 'no-receipt',
      segments: { delivered: 2, failed: 0, pending: 1 },
    });
    const late = saying('d', { status: 'delivered', segment: { number: 2, total: 3 } });
    expect(deriveMessage([submitted, first, second, third, nothing, late])).toMatchObject({
      status: 'delivered',
      final: true,
      conflict: false,
      segments: { total: 3, delivered: 3, failed: 0, pending: 0 },
    });
  });
});
