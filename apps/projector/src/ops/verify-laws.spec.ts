import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { DERIVATION } from '../merge/derivation.js';
import { mergeFact, type Aggregate } from '../merge/merge-event.js';
import type { Fact } from '../merge/fact-set.js';
import { lastChange, mendingChange } from './announce-stored.js';
import { Checksum } from './checksum.js';
import { compareWithFacts, compareWithReplay } from './compare-rows.js';
import { describeValue, Differences } from './differences.js';
import { KINDS, type Fields } from '../kinds.js';
import { columnsOf, type StoredRow } from './stored-rows.js';

const MESSAGES = KINDS[0]!;
const KEY = '5d1c9a52-0b7e-5c1e-8000-000000000001';
/** Nothing has left the topic. */
const WHOLE = { holds: () => true };
/** Receipts of 2026-07-09T03:00:00Z and of a day later. */
const [EARLY, LATE] = [receiptId(Date.UTC(2026, 6, 9, 3)), receiptId(Date.UTC(2026, 6, 10, 3))];

function receiptId(time: number): string {
  const digits = time.toString(16).padStart(12, '0');
  return `${digits.slice(0, 8)}-${digits.slice(8)}-7000-8000-000000000000`;
}

const fact: fc.Arbitrary<Fact<Fields>> = fc.record({
  id: fc.constantFrom('a', 'b', 'c', 'd'),
  receiptId: fc.constantFrom(EARLY, LATE),
  data: fc.record({
    provider: fc.constant('alibaba'),
    account: fc.constant('main'),
    channel: fc.constant('sms'),
    labels: fc.constant({}),
    messageKey: fc.constant(KEY),
    messageId: fc.constantFrom(null, 'm1'),
    sender: fc.constant(null),
    recipient: fc.constantFrom(null, '+8613800000001'),
    recipientRaw: fc.constantFrom(null, '13800000001'),
    recipientUserId: fc.constant(null),
    segment: fc.constant(null),
    segmentCount: fc.constant(null),
    status: fc.constantFrom('pending', 'sent', 'delivered', 'failed'),
    final: fc.boolean(),
    reason: fc.constantFrom(null, 'handset'),
    retry: fc.constant(null),
    reportedBy: fc.constant(null),
    providerStatus: fc.constant(null),
    providerCode: fc.constantFrom('DELIVERED', 'EXPIRED'),
    providerDescription: fc.constant(null),
    reference: fc.constantFrom(null, 'o1'),
    sentAt: fc.constantFrom(null, '2026-07-09T03:00:00.000Z'),
    occurredAt: fc.constantFrom('2026-07-09T03:00:01.000Z', '2026-07-09T03:00:02.000Z'),
    occurredAtFrom: fc.constant('provider'),
    mappingRevision: fc.constantFrom(1, 2),
    extra: fc.constant({}),
  }),
});
const facts = fc.array(fact, { minLength: 1, maxLength: 6 });

/** The row that facts lead to, in this order, and the changes on the way. */
function project(all: readonly Fact<Fields>[]) {
  let aggregate: Aggregate<Fields> = { key: KEY, facts: [], revision: 0 };
  const changes = [];
  for (const each of all) {
    const merged = mergeFact(aggregate, each, MESSAGES.projection);
    aggregate = merged.aggregate;
    if (merged.change) changes.push(merged.change);
  }
  const columns = columnsOf(MESSAGES.table, MESSAGES.projection.derive(aggregate.facts));
  const { revision } = aggregate;
  const row: StoredRow = {
    key: KEY,
    version: 1,
    revision,
    facts: aggregate.facts,
    seen: aggregate.facts,
    isMixed: false,
    derivation: DERIVATION,
    columns,
  };
  return { row, changes };
}

const shuffledTwice = facts.chain((all) =>
  fc.tuple(
    fc.constant(all),
    fc.shuffledSubarray([...all, ...all], { minLength: all.length * 2, maxLength: all.length * 2 }),
  ),
);

describe('verifying', () => {
  it('finds nothing in what was projected, in whatever order and however often', () => {
    fc.assert(
      fc.property(shuffledTwice, ([calm, wild]) => {
        const [live, replayed] = [project(wild).row, project(calm).row];
        expect(compareWithFacts(live, MESSAGES)).toEqual([]);
        expect(compareWithReplay(live, replayed, MESSAGES, WHOLE)).toEqual({ differences: [], isOlder: false });
        const sums = [live, replayed].map((row) => {
          const checksum = new Checksum();
          checksum.add('message', row);
          return `${checksum.states} ${checksum.facts}`;
        });
        expect(sums[0]).toBe(sums[1]);
      }),
    );
  });

  it('finds exactly the column that was changed', () => {
    const column = fc.constantFrom(...MESSAGES.table.columns.map(({ name }) => name));
    fc.assert(
      fc.property(facts, column, (all, name) => {
        const { row } = project(all);
        const changed = { ...row, columns: { ...row.columns, [name]: `${row.columns[name] ?? ''}x` } };
        expect(compareWithFacts(changed, MESSAGES).map((difference) => difference.column)).toEqual([name]);
        const found = compareWithReplay(changed, row, MESSAGES, WHOLE).differences;
        expect(found.map((difference) => difference.column)).toEqual([name]);
      }),
    );
  });

  it('finds every fact that was lost, made up or changed, as long as the topic holds everything', () => {
    fc.assert(
      fc.property(facts, fc.nat(), (all, pick) => {
        const { row } = project(all);
        const at = pick % row.facts.length;
        const lost = { ...row, facts: row.facts.toSpliced(at, 1) };
        const changed = {
          ...row,
          facts: row.facts.with(at, { ...row.facts[at]!, data: { ...row.facts[at]!.data, channel: 'viber' } }),
        };
        const columns = (live: StoredRow | null, replayed: StoredRow | null) =>
          compareWithReplay(live, replayed, MESSAGES, WHOLE).differences.map(({ column }) => column);
        expect(columns(lost, row)).toEqual(['facts']);
        expect(columns(row, lost)).toEqual(['facts']);
        expect(columns(changed, row)).toEqual(['facts.channel']);
        expect(columns(null, row)).toEqual(['row']);
        expect(columns(row, null)).toEqual(['facts']);
      }),
    );
  });

  it('takes what has left the topic for older, but never what the topic still holds', () => {
    const data = fc.sample(fact, 1)[0]!.data;
    const [early, late] = [
      { id: 'a', receiptId: EARLY, data },
      { id: 'b', receiptId: LATE, data },
    ];
    const [both, lateOnly] = [project([early, late]).row, project([late]).row];
    const cut = { holds: (_key: string, { receiptId }: { readonly receiptId: string }) => receiptId === LATE };
    expect(compareWithReplay(both, lateOnly, MESSAGES, cut)).toEqual({ differences: [], isOlder: true });
    expect(compareWithReplay(project([early]).row, null, MESSAGES, cut).isOlder).toBe(true);
    expect(compareWithReplay(project([early]).row, lateOnly, MESSAGES, cut).differences).toHaveLength(1);
    expect(compareWithReplay(lateOnly, null, MESSAGES, cut).differences).toHaveLength(1);
    // The early one is in the topic after all: then the row can be compared whole.
    expect(compareWithReplay(both, both, MESSAGES, cut)).toEqual({ differences: [], isOlder: false });
    const other = { ...both, columns: { ...both.columns, status: 'deleted' } };
    expect(compareWithReplay(other, both, MESSAGES, cut).differences).toHaveLength(1);
  });
});

describe('the checksum', () => {
  it('does not depend on the order of rows, and on nothing less than all of them', () => {
    const rows = fc.uniqueArray(fc.tuple(fc.uuid(), facts), { minLength: 2, maxLength: 6, selector: ([key]) => key });
    fc.assert(
      fc.property(rows, (pairs) => {
        const all = pairs.map(([key, some]) => ({ ...project(some).row, key }));
        const sum = (some: readonly StoredRow[]) => {
          const checksum = new Checksum();
          for (const row of some) checksum.add('message', row);
          return `${checksum.states} ${checksum.facts}`;
        };
        expect(sum(all.toReversed())).toBe(sum(all));
        expect(sum(all.slice(1))).not.toBe(sum(all));
        expect(sum([{ ...all[0]!, revision: 99, version: 99 }, ...all.slice(1)])).toBe(sum(all));
      }),
    );
  });
});

describe('what is told again', () => {
  it('says what the last change said, under its id', () => {
    fc.assert(
      fc.property(facts, (all) => {
        const { row, changes } = project(all);
        const again = lastChange(row, MESSAGES, 'quittance')!;
        const cause = { ...again, id: row.facts[0]!.id };
        const original = MESSAGES.projection.announce(changes.at(-1)!, cause)!;
        expect(again.id).toBe(original.id);
        const unknown = { previousStatus: null, causedBy: null };
        expect({ ...again.data, ...unknown }).toEqual({ ...original.data, ...unknown });
        expect(row.facts.map(({ id }) => id)).toContain((again.data as { causedBy: string }).causedBy);
      }),
    );
  });

  it('is told under the next revision where the row said something else', () => {
    const { row } = project(fc.sample(facts, 1)[0]!);
    const wrong = { ...row, columns: { ...row.columns, status: 'deleted' } };
    const state = MESSAGES.projection.derive(row.facts);
    const change = mendingChange(wrong, state, MESSAGES, 'quittance')!;
    expect(change.data).toMatchObject({ revision: row.revision + 1, previousStatus: 'deleted', status: state.status });
    expect(change.source).toBe('/quittance/alibaba/main');
  });
});

describe('differences', () => {
  it('are counted all, listed once and not for ever', () => {
    const differences = new Differences(2);
    for (const column of ['a', 'b', 'b', 'c']) differences.add({ table: 't', key: 'k', column, detail: '' });
    expect(differences.list.map(({ column }) => column)).toEqual(['a', 'b']);
    expect([differences.count, differences.rows]).toEqual([3, 1]);
  });

  it('show nothing personal', () => {
    expect(describeValue('status', 'delivered')).toBe('delivered');
    expect(describeValue('reason', '内容含有电话 13800000001')).not.toContain('13800000001');
    expect(describeValue('recipient', '+8613800000001')).toMatch(/^14 characters #[0-9a-f]{8}$/);
    expect(describeValue('recipient', '+8613800000001')).not.toBe(describeValue('recipient', '+8613800000002'));
    expect(describeValue('recipient', null)).toBe('null');
  });
});
