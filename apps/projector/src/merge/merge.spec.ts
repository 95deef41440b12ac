import { describe, expect, it } from '@jest/globals';
import type { AccountStatusReported, MessageStatusReported, ReviewStatusReported } from '#contracts';
import fc from 'fast-check';
import { deriveAccount } from './account-state.js';
import { withFact, type Fact } from './fact-set.js';
import { joinMessageReports, joinReviewReports, joinUnmapped } from './join-data.js';
import { mergeFact, type Aggregate, type MergeRules } from './merge-event.js';
import { deriveMessage } from './message-state.js';
import { deriveReview } from './review-state.js';

const instant = fc.integer({ min: 0, max: 5 }).map((minute) => new Date(Date.UTC(2026, 6, 9, 3, minute)).toISOString());
const orNull = <T>(values: fc.Arbitrary<T>) => fc.option(values, { nil: null });
const origin = fc.constantFrom('provider' as const, 'observed' as const);

const ORIGIN = {
  receiptId: fc.constantFrom('r1', 'r2'),
  rawPosition: fc.constantFrom('raw/0/9', 'raw/0/10', 'raw/1/1'),
};
/** Facts from before positions were kept have none. */
const MAY_LACK: { requiredKeys: ('id' | 'receiptId' | 'data')[] } = { requiredKeys: ['id', 'receiptId', 'data'] };

/** Reports about one message, drawn from so few values that copies of one fact, ties and contradictions are common. */
const messageFact: fc.Arbitrary<Fact<MessageStatusReported>> = fc.record(
  {
    id: fc.constantFrom('a', 'b', 'c', 'd'),
    ...ORIGIN,
    data: fc.record({
      provider: fc.constant('alibaba' as const),
      account: fc.constant('main'),
      channel: fc.constant('sms' as const),
      labels: fc.constant({}),
      messageKey: fc.constant('key'),
      messageId: orNull(fc.constantFrom('m1', 'm2')),
      sender: fc.constant(null),
      recipient: orNull(fc.constantFrom('+8613800000001', '+8613800000002')),
      recipientRaw: orNull(fc.constantFrom('13800000001', '13800000002')),
      recipientUserId: fc.constant(null),
      segment: orNull(fc.record({ number: fc.constantFrom(1, 2), total: fc.constantFrom(1, 2, 3) })),
      segmentCount: orNull(fc.constantFrom(1, 2)),
      status: fc.constantFrom(
        ...(['pending', 'sent', 'delivered', 'rendered', 'read', 'failed', 'expired', 'deleted', 'unknown'] as const),
      ),
      final: fc.boolean(),
      reason: orNull(fc.constantFrom('handset' as const, 'no-receipt' as const, 'unknown' as const)),
      retry: orNull(fc.constantFrom('never' as const, 'later' as const)),
      reportedBy: orNull(fc.constantFrom('carrier' as const, 'provider' as const)),
      providerStatus: orNull(fc.constantFrom('true', 'false')),
      providerCode: orNull(fc.constantFrom('DELIVERED', 'EXPIRED')),
      providerDescription: fc.constant(null),
      reference: orNull(fc.constantFrom('o1', 'o2')),
      sentAt: orNull(instant),
      occurredAt: instant,
      occurredAtFrom: origin,
      mappingRevision: fc.constantFrom(1, 2),
      extra: fc.dictionary(fc.constantFrom('x', 'y'), fc.constantFrom(1, 'text', null), { maxKeys: 2 }),
    }),
  },
  MAY_LACK,
);

const reviewFact: fc.Arbitrary<Fact<ReviewStatusReported>> = fc.record(
  {
    id: fc.constantFrom('a', 'b', 'c', 'd'),
    ...ORIGIN,
    data: fc.record({
      provider: fc.constant('alibaba' as const),
      account: fc.constant('main'),
      channel: fc.constant('sms' as const),
      labels: fc.constant({}),
      reviewKey: fc.constant('key'),
      subject: fc.constant({ kind: 'sms-template' as const, id: 'SMS_1', name: null, language: null }),
      reviewId: orNull(fc.constantFrom('w1', 'w2')),
      status: fc.constantFrom(...(['pending', 'approved', 'rejected', 'unknown'] as const)),
      reason: orNull(fc.constantFrom('too short', 'not yours')),
      providerStatus: orNull(fc.constantFrom('approving', 'approved')),
      verdicts: fc.constant([]),
      submittedAt: orNull(instant),
      occurredAt: instant,
      occurredAtFrom: origin,
      mappingRevision: fc.constantFrom(1, 2),
      extra: fc.constant({}),
    }),
  },
  MAY_LACK,
);

const accountFact: fc.Arbitrary<Fact<AccountStatusReported>> = fc.record(
  {
    id: fc.constantFrom('a', 'b', 'c', 'd'),
    ...ORIGIN,
    data: fc.record({
      provider: fc.constant('alibaba' as const),
      account: fc.constant('main'),
      channel: fc.constant('whatsapp' as const),
      labels: fc.constant({}),
      subjectKey: fc.constant('key'),
      subject: fc.constant({ kind: 'phone-number' as const, id: '8613100000008' }),
      aspect: fc.constant('quality' as const),
      value: fc.constantFrom('GREEN', 'YELLOW'),
      limit: orNull(fc.constantFrom('TIER_1K', 'TIER_10K')),
      reason: fc.constant(null),
      occurredAt: instant,
      occurredAtFrom: origin,
      extra: fc.constant({}),
    }),
  },
  MAY_LACK,
);

interface Kind<D, S> extends MergeRules<D, S> {
  readonly fact: fc.Arbitrary<Fact<D>>;
}

function merge<D, S>(facts: readonly Fact<D>[], rules: MergeRules<D, S>, from?: Aggregate<D>) {
  let aggregate: Aggregate<D> = from ?? { key: 'key', facts: [], revision: 0 };
  const changes = [];
  for (const fact of facts) {
    const merged = mergeFact(aggregate, fact, rules);
    aggregate = merged.aggregate;
    if (merged.change) changes.push(merged.change);
  }
  return { aggregate, changes };
}

function laws<D, S>(name: string, { fact, ...rules }: Kind<D, S>): void {
  const several = fc.array(fact, { minLength: 1, maxLength: 8 });
  const shuffledTwice = several.chain((facts) =>
    fc.tuple(
      fc.constant(facts),
      fc.shuffledSubarray([...facts, ...facts], { minLength: facts.length * 2, maxLength: facts.length * 2 }),
    ),
  );

  describe(`the state of a ${name}`, () => {
    it('does not depend on order, or on how often a fact comes', () => {
      fc.assert(
        fc.property(shuffledTwice, ([facts, again]) => {
          const calm = merge(facts, rules).aggregate;
          const wild = merge(again, rules).aggregate;
          expect(JSON.stringify(wild.facts)).toBe(JSON.stringify(calm.facts));
          expect(rules.derive(wild.facts)).toEqual(rules.derive(calm.facts));
        }),
        { numRuns: 1_000 },
      );
    });

    it('joins copies of a fact idempotently, commutatively and associatively', () => {
      fc.assert(
        fc.property(fact, fact, fact, ({ data: a }, { data: b }, { data: c }) => {
          const { join } = rules;
          const text = JSON.stringify;
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
          const whole = merge(facts, rules);
          const first = merge(facts.slice(0, cut), rules);
          const rest = merge(facts.slice(cut), rules, first.aggregate);
          expect([...first.changes, ...rest.changes]).toEqual(whole.changes);
          expect(merge(facts, rules, whole.aggregate).changes).toEqual([]);
        }),
      );
    });

    it('numbers its changes one by one, each telling the state that it led to', () => {
      fc.assert(
        fc.property(several, (facts) => {
          const { aggregate, changes } = merge(facts, rules);
          expect(changes.map(({ revision }) => revision)).toEqual(changes.map((_, at) => at + 1));
          expect(aggregate.revision).toBe(changes.length);
          expect(changes.at(-1)!.state).toEqual(rules.derive(aggregate.facts));
        }),
      );
    });

    it('keeps every fact, ordered by id', () => {
      fc.assert(
        fc.property(several, (facts) => {
          const ids = merge(facts, rules).aggregate.facts.map(({ id }) => id);
          expect(ids).toEqual([...new Set(facts.map(({ id }) => id))].sort());
        }),
      );
    });
  });
}

laws('message', { fact: messageFact, join: joinMessageReports, derive: deriveMessage });
laws('account', { fact: accountFact, join: joinUnmapped, derive: deriveAccount });
laws('review', { fact: reviewFact, join: joinReviewReports, derive: deriveReview });

describe('a copy that adds nothing', () => {
  it('leaves the very same set', () => {
    fc.assert(
      fc.property(messageFact, (fact) => {
        const facts = withFact([], fact, joinMessageReports);
        expect(withFact(facts, structuredClone(fact), joinMessageReports)).toBe(facts);
      }),
    );
  });
});
