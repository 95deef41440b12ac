import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { SourceId } from '../callbacks.js';
import { CALLBACKS, queueOf, SOURCE_IDS } from '../callbacks.js';
import { allElementsOf, distinct, elementsIn, elementsOf, receiptsOf, TIDY } from './elements-for-tests.js';
import { planRun } from './plan-run.js';
import type { RunShape } from './run-shape.js';

const share = fc.double({ min: 0, max: 1, noNaN: true });
const weight = fc.integer({ min: 1, max: 9 });
const shape: fc.Arbitrary<RunShape> = fc.record({
  doors: fc.record({ push: weight, queue: weight, both: weight }),
  duplicates: share,
  disorder: share,
  poison: share,
  late: share,
  contradictions: share,
});
const request = fc.record({
  messages: fc.integer({ min: 1, max: 300 }),
  seed: fc.nat(),
  startedAt: fc.integer({ min: Date.UTC(2026, 0, 1), max: Date.UTC(2040, 0, 1) }),
  shape,
});

const FIXED = { messages: 2_000, seed: 7, startedAt: 1_795_000_000_000 };

describe('planRun', () => {
  it('gives the same receipts and the same truth for the same request', () => {
    fc.assert(
      fc.property(request, (one) => {
        expect(planRun(one)).toEqual(planRun({ ...one }));
      }),
      { numRuns: 20 },
    );
  });

  it('gives other receipts for another seed', () => {
    expect(planRun({ ...FIXED, seed: 1 }).receipts).not.toEqual(planRun({ ...FIXED, seed: 2 }).receipts);
  });

  it('pushes to every source, and puts something into every queue', () => {
    const plan = planRun(FIXED);
    for (const source of SOURCE_IDS) {
      expect([source, receiptsOf(plan, source).length]).not.toEqual([source, 0]);
      const queued = receiptsOf(plan, source, 'queue').length;
      expect([source, queued > 0]).toEqual([source, queueOf(source) !== null]);
    }
  });

  it('counts what it holds', () => {
    fc.assert(
      fc.property(request, (one) => {
        const { receipts, truth, expected } = planRun(one);
        expect(receipts.filter(({ door }) => door === 'push')).toHaveLength(expected.receipts.push);
        expect(receipts.filter(({ door }) => door === 'queue')).toHaveLength(expected.receipts.queue);
        const total = (counts: Readonly<Record<string, number>>) => Object.values(counts).reduce((a, b) => a + b, 0);
        const kinds = Map.groupBy(truth, ({ kind }) => kind);
        const count = (kind: 'message' | 'reply' | 'review' | 'notice' | 'poison') => kinds.get(kind)?.length ?? 0;
        expect(total(expected.messages)).toBe(one.messages);
        expect(count('message')).toBe(one.messages);
        expect(count('reply')).toBe(expected.replies);
        expect(count('review')).toBe(total(expected.reviews));
        expect(count('notice')).toBe(expected.subjects);
        expect(count('poison')).toBe(expected.malformed);
      }),
      { numRuns: 30 },
    );
  });

  it('puts the tag of the run into everything that it sends', () => {
    fc.assert(
      fc.property(request, (one) => {
        const { receipts, expected } = planRun(one);
        const elements = receipts.flatMap(({ body }) =>
          body.includes('malformed-') ? [body] : elementsIn(body).map((element) => JSON.stringify(element)),
        );
        expect(elements.filter((element) => !element.includes(expected.tag))).toEqual([]);
        expect(receipts.filter(({ body }) => !body.includes(expected.tag))).toEqual([]);
      }),
      { numRuns: 30 },
    );
  });

  it('keeps to what each vendor puts into one push', () => {
    const plan = planRun({ ...FIXED, messages: 20_000, shape: { doors: { push: 1, queue: 0, both: 0 } } });
    const most = Object.fromEntries(
      SOURCE_IDS.map((source) => [
        source,
        Math.max(...receiptsOf(plan, source).map(({ body }) => elementsIn(body).length)),
      ]),
    );
    expect(most).toMatchObject({
      'ali-sign-report': 1,
      'ali-template-report': 1,
      'ali-card-render': 1,
      'ali-card-template': 1,
      'huawei-status-single': 1,
      'huawei-uplink': 1,
      'tencent-reply': 1,
      'volcengine-signature': 1,
      'volcengine-template': 1,
    });
    expect(most['huawei-status']).toBeLessThanOrEqual(50);
    expect(most['huawei-status']).toBeGreaterThan(10);
    expect(most['tencent-status']).toBeLessThanOrEqual(100);
    expect(most['tencent-status']).toBeGreaterThan(50);
    expect(most['ali-chat-status']).toBeGreaterThan(1);
    expect(most['volcengine-status']).toBeGreaterThan(1);
  });

  it('pushes arrays for Alibaba and for statuses of Tencent, one object for its replies, forms and a list for Huawei', () => {
    const plan = planRun(FIXED);
    const begins = (source: SourceId): ReadonlySet<string> =>
      new Set(receiptsOf(plan, source).map(({ body }) => (/^[a-z]\w+=/i.test(body) ? 'form' : body.charAt(0))));
    for (const source of SOURCE_IDS.filter((id) => CALLBACKS[id].provider === 'alibaba')) {
      expect(begins(source)).toEqual(new Set('['));
    }
    expect(begins('tencent-status')).toEqual(new Set('['));
    expect(begins('tencent-reply')).toEqual(new Set('{'));
    expect(begins('huawei-status')).toEqual(new Set('{'));
    expect(begins('huawei-status-single')).toEqual(new Set(['form']));
    expect(begins('huawei-uplink')).toEqual(new Set(['form']));
  });

  it('puts one element into a message of a queue, now and then in an array, now and then not for Base64', () => {
    const queued = planRun(FIXED).receipts.filter(({ door, body }) => door === 'queue' && !body.includes('malformed-'));
    expect(queued.every(({ body }) => elementsIn(body).length === 1)).toBe(true);
    for (const few of [queued.filter(({ body }) => body.startsWith('[')), queued.filter(({ isPlain }) => isPlain)]) {
      expect(few.length).toBeGreaterThan(0);
      expect(few.length).toBeLessThan(queued.length / 10);
    }
  });

  it('tells what carries no time in the order in which it happened, through one door', () => {
    const plan = planRun({ ...FIXED, shape: { disorder: 1, duplicates: 1 } });
    const told = new Map<unknown, unknown[]>();
    const threads = new Map<unknown, Set<unknown>>();
    const receipts = [...receiptsOf(plan, 'ali-card-template'), ...receiptsOf(plan, 'ali-card-template', 'queue')];
    for (const { body, thread, door } of receipts) {
      const [element] = elementsIn(body);
      const code = element?.template_code;
      told.set(code, [...(told.get(code) ?? []), element?.approval_status]);
      threads.set(code, (threads.get(code) ?? new Set()).add(`${door} ${thread}`));
    }
    expect(told.size).toBeGreaterThan(1);
    for (const states of told.values()) expect(['0,1', '0,2', '0,2,0,1', '0']).toContain(states.join());
    for (const ofOne of threads.values()) expect([...ofOne]).toEqual([expect.stringContaining('card template')]);
    const audits = [...receiptsOf(plan, 'ali-chat-audit'), ...receiptsOf(plan, 'ali-chat-audit', 'queue')];
    expect(audits.every(({ thread }) => thread !== undefined)).toBe(true);
  });

  it('takes the doors that it is told to take', () => {
    const only = ['ali-sms-report', 'huawei-status'] as const;
    const through = (doors: RunShape['doors']) => planRun({ ...FIXED, only, shape: { ...TIDY, doors } });
    const pushed = through({ push: 1, queue: 0, both: 0 });
    expect(receiptsOf(pushed, 'ali-sms-report', 'queue')).toEqual([]);
    const queued = through({ push: 0, queue: 1, both: 0 });
    expect(receiptsOf(queued, 'ali-sms-report')).toEqual([]);
    expect(receiptsOf(queued, 'huawei-status').length).toBeGreaterThan(0);
    const both = through({ push: 0, queue: 0, both: 1 });
    const told = elementsOf(both, 'ali-sms-report').map(({ biz_id, phone_number }) => [biz_id, phone_number].join());
    const again = elementsOf(both, 'ali-sms-report', 'queue').map(({ biz_id, phone_number }) =>
      [biz_id, phone_number].join(),
    );
    expect(told.toSorted()).toEqual(again.toSorted());
  });

  it('plays only the vendors that it is told to play', () => {
    const plan = planRun({ ...FIXED, only: ['tencent-status', 'tencent-reply'] });
    expect(new Set(plan.receipts.map(({ source }) => source))).toEqual(new Set(['tencent-status', 'tencent-reply']));
    expect(plan.truth.filter(({ kind }) => kind === 'message')).toHaveLength(FIXED.messages);
    const replies = planRun({ ...FIXED, only: ['tencent-reply'], shape: { poison: 0 } });
    expect(replies.receipts).toHaveLength(replies.truth.length + distinctRepeats(replies.receipts));
    expect(replies.truth).toHaveLength(FIXED.messages);
  });

  it('does what the shares say', () => {
    const only = ['ali-sms-report'] as const;
    const shaped = (one: Partial<RunShape>) => planRun({ ...FIXED, only, shape: { ...TIDY, ...one } });
    const reports = (one: Partial<RunShape>) => elementsOf(shaped(one), 'ali-sms-report');
    expect(reports({})).toHaveLength(2_000);
    expect(reports({ duplicates: 1 })).toHaveLength(4_000);
    expect(reports({ contradictions: 1 })).toHaveLength(4_000);
    expect(shaped({ contradictions: 1 }).expected.conflicts).toBeGreaterThan(1_500);
    expect(shaped({}).expected.conflicts).toBe(0);
    expect(shaped({ poison: 0.5 }).expected.malformed).toBe(1_000);
    const days = reports({ late: 1 }).filter(({ send_time: sent, report_time: reported }) => {
      const ms = Date.parse(reported as string) - Date.parse(sent as string);
      return ms > 5 * 60 * 60 * 1000;
    });
    expect(days).toHaveLength(2_000);
    const order = (one: Partial<RunShape>) => reports(one).map(({ biz_id }) => biz_id as string);
    expect(order({})).toEqual(order({}).toSorted());
    expect(order({ disorder: 1 })).not.toEqual(order({ disorder: 1 }).toSorted());
  });

  it('has an id of its own for everything', () => {
    const plan = planRun({ ...FIXED, messages: 5_000 });
    const replies = plan.truth.flatMap((thing) => (thing.kind === 'reply' ? [thing.originId ?? thing.addressee] : []));
    expect(new Set(replies).size).toBe(replies.length);
    expect(distinct(allElementsOf(plan, 'ali-sms-up'), 'phone_number', 'send_time')).toBeGreaterThan(1);
  });
});

function distinctRepeats(receipts: readonly { readonly body: string }[]): number {
  return receipts.length - new Set(receipts.map(({ body }) => body)).size;
}
