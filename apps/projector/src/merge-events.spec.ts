import { describe, expect, it } from '@jest/globals';
import type { CanonicalEvent } from '#contracts';
import { MAX_FACTS, MAX_FACTS_SIZE, mergeEvents, messageProjection } from './merge-events.js';
import type { StoredAggregate } from './store/aggregates.js';

const KEY = '00000000-0000-5000-8000-000000000001';

function report(number: number, extra: Readonly<Record<string, string>> = {}): CanonicalEvent {
  const occurredAt = '2026-07-09T03:01:33.000Z';
  const data = { status: 'failed', final: true, providerCode: `C${number}`, segment: null, occurredAt, extra };
  return {
    id: String(number).padStart(6, '0'),
    type: 'io.quittance.message.status-reported.v1',
    source: '/quittance/alibaba/main',
    subject: KEY,
    time: occurredAt,
    receiptId: 'r',
    data: data as unknown as CanonicalEvent['data'],
  };
}

function merge(events: readonly CanonicalEvent[], size: number) {
  const empty: StoredAggregate<never> = { key: KEY, facts: [], revision: 0, version: 0, size: 0, unseen: [] };
  const stored = new Map([[KEY, empty]]) as ReadonlyMap<string, StoredAggregate<never>>;
  return mergeEvents(events, stored, messageProjection as never, () => size);
}

describe('an aggregate', () => {
  it('takes no more facts than it can carry, and still knows those that it has', () => {
    const events = Array.from({ length: MAX_FACTS + 5 }, (_, at) => report(at));
    const { writes, refused } = merge([...events, report(0)], 100);
    expect(writes[0]!.aggregate.facts).toHaveLength(MAX_FACTS);
    expect(refused.map(({ id }) => id)).toEqual(events.slice(MAX_FACTS).map(({ id }) => id));
  });

  it('takes no more than a row should hold', () => {
    const { writes, refused } = merge([report(1), report(2), report(3)], MAX_FACTS_SIZE / 2);
    expect(writes[0]!.aggregate.facts).toHaveLength(2);
    expect(refused).toHaveLength(1);
  });

  it('is never too full for what it knows, only for more', () => {
    const repeated = report(1);
    const { writes, refused } = merge([report(1), report(2), repeated, report(3)], MAX_FACTS_SIZE / 2);
    expect(writes[0]!.aggregate.facts).toHaveLength(2);
    expect(refused.map(({ id }) => id)).toEqual([report(3).id]);
    const richer = report(1, { more: 'of it' });
    expect(merge([report(1), report(2), richer], MAX_FACTS_SIZE / 2).refused).toEqual([richer]);
    expect(merge([report(1), richer], MAX_FACTS_SIZE / 2).refused).toEqual([]);
  });
});
