import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { SourceId } from '../callbacks.js';
import { CALLBACKS, SOURCE_IDS } from '../callbacks.js';
import type { Element } from './elements-for-tests.js';
import { distinct, elementsIn, elementsOf, pushesOf } from './elements-for-tests.js';
import { planRun } from './plan-run.js';

const request = fc.record({
  messages: fc.integer({ min: 1, max: 400 }),
  seed: fc.nat(),
  startedAt: fc.integer({ min: Date.UTC(2026, 0, 1), max: Date.UTC(2040, 0, 1) }),
});

const FIXED = { messages: 2_000, seed: 7, startedAt: 1_795_000_000_000 };

/** By which fields a message is told from others, and a report about it from the other reports. */
const REPORTS: readonly (readonly [SourceId, message: readonly string[], report: readonly string[]])[] = [
  ['ali-sms-report', ['biz_id', 'phone_number'], ['err_code']],
  ['ali-sms-report-2019', ['BizId', 'PhoneNumber'], ['SendStatus']],
  ['ali-sms-report-intl', ['MessageId', 'To'], ['Status']],
  ['ali-globe-report', ['message_id', 'to'], ['status']],
  ['ali-card-render', ['outId', 'mobile'], []],
  ['huawei-status', ['smsMsgId'], ['sequence', 'status']],
  ['huawei-status-single', ['smsMsgId'], ['sequence', 'status']],
  ['tencent-status', ['sid'], ['errmsg']],
  ['volcengine-status', ['message_id'], ['status_code']],
];

/** The fields that tell replies from each other. */
const REPLIES: readonly (readonly [SourceId, readonly string[]])[] = [
  ['ali-sms-up', ['sequence_id']],
  ['ali-chat-inbound', ['MessageId']],
  ['huawei-uplink', ['smsMsgId']],
  ['tencent-reply', ['extend', 'mobile', 'text', 'time']],
  ['volcengine-uplink', ['service_id', 'mobile', 'content', 'recv_time']],
];

function total(counts: Readonly<Record<string, number>> | readonly number[]): number {
  return Object.values(counts).reduce((sum, count) => sum + count, 0);
}

function isConsent({ Status: status }: Element): boolean {
  return status === 'subscribe' || status === 'unsubscribe';
}

describe('planRun', () => {
  it('gives the same pushes for the same seed and start', () => {
    fc.assert(
      fc.property(request, (one) => {
        expect(planRun(one)).toEqual(planRun({ ...one }));
      }),
      { numRuns: 30 },
    );
  });

  it('gives other pushes for another seed', () => {
    expect(planRun({ ...FIXED, seed: 1 }).pushes).not.toEqual(planRun({ ...FIXED, seed: 2 }).pushes);
  });

  it('pushes to every source', () => {
    const plan = planRun({ ...FIXED, messages: 500 });
    for (const source of SOURCE_IDS) expect([source, pushesOf(plan, source).length]).not.toEqual([source, 0]);
  });

  it('holds exactly what it says is to be expected', () => {
    fc.assert(
      fc.property(request, (one) => {
        const plan = planRun(one);
        const { expected } = plan;
        const chat = elementsOf(plan, 'ali-chat-status').filter((element) => !isConsent(element));
        const consents = elementsOf(plan, 'ali-chat-status').filter(isConsent);
        const messages = REPORTS.map(([source, message]) => distinct(elementsOf(plan, source), ...message));
        const reports = REPORTS.map(([source, message, report]) =>
          distinct(elementsOf(plan, source), ...message, ...report),
        );
        expect(total(expected.messages)).toBe(one.messages);
        expect(total(messages) + distinct(chat, 'MessageId')).toBe(one.messages);
        expect(total(reports) + distinct(chat, 'MessageId', 'Status')).toBe(expected.deliveryReports);

        const replies = REPLIES.map(([source, fields]) => distinct(elementsOf(plan, source), ...fields));
        expect(total(replies)).toBe(expected.replies);

        const audits = elementsOf(plan, 'ali-chat-audit');
        const templateAudits = audits.filter(({ AuditStatus: status }) => status !== undefined);
        const notices = audits.filter(({ AuditStatus: status }) => status === undefined);
        const orders = [...elementsOf(plan, 'ali-sign-report'), ...elementsOf(plan, 'ali-template-report')];
        const cards = elementsOf(plan, 'ali-card-template');
        const volcengine = ['volcengine-signature', 'volcengine-template'] as const;
        const results = volcengine.flatMap((source) => elementsOf(plan, source));
        expect(total(expected.reviews)).toBe(
          distinct(orders, 'orderId') +
            distinct(cards, 'template_code') +
            distinct(templateAudits, 'TemplateCode') +
            distinct(results, 'signature', 'template_id'),
        );
        expect(expected.reviewReports).toBe(orders.length + cards.length + templateAudits.length + results.length);
        expect(expected.notices).toBe(notices.length + consents.length);
        expect(expected.subjects).toBe(
          distinct(
            notices.map((notice) => ({ ...notice, id: notice.PhoneNumber ?? notice.TemplateCode ?? notice.WabaId })),
            ...['Type', 'id'],
          ) + distinct(consents, 'To'),
        );
        const malformed = plan.pushes.filter(({ body }) => body.includes('malformed-'));
        expect(new Set(malformed.map(({ body }) => body)).size).toBe(expected.malformed);
        expect(plan.pushes).toHaveLength(expected.receipts);
      }),
      { numRuns: 30 },
    );
  });

  it('puts the tag of the run into everything that it pushes', () => {
    fc.assert(
      fc.property(request, (one) => {
        const { pushes, expected } = planRun(one);
        const elements = pushes.flatMap(({ body }) =>
          body.includes('malformed-') ? [body] : elementsIn(body).map((element) => JSON.stringify(element)),
        );
        expect(elements.filter((element) => !element.includes(expected.tag))).toEqual([]);
      }),
      { numRuns: 30 },
    );
  });

  it('keeps to what each vendor puts into one push', () => {
    const plan = planRun({ ...FIXED, messages: 20_000 });
    const most = Object.fromEntries(
      SOURCE_IDS.map((source) => [
        source,
        Math.max(...pushesOf(plan, source).map(({ body }) => elementsIn(body).length)),
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

  it('writes arrays for Alibaba and for statuses of Tencent, one object for its replies, forms and a list for Huawei', () => {
    const plan = planRun(FIXED);
    const begins = (source: SourceId): ReadonlySet<string> =>
      new Set(pushesOf(plan, source).map(({ body }) => (/^[a-z]\w+=/i.test(body) ? 'form' : body.charAt(0))));
    for (const source of SOURCE_IDS.filter((id) => CALLBACKS[id].provider === 'alibaba')) {
      expect(begins(source)).toEqual(new Set('['));
    }
    expect(begins('tencent-status')).toEqual(new Set('['));
    expect(begins('tencent-reply')).toEqual(new Set('{'));
    expect(begins('huawei-status')).toEqual(new Set('{'));
    expect(begins('huawei-status-single')).toEqual(new Set(['form']));
    expect(begins('huawei-uplink')).toEqual(new Set(['form']));
  });

  it('tells what carries no time in the order in which it happened, one push after the other', () => {
    const plan = planRun(FIXED);
    const told = new Map<unknown, unknown[]>();
    const threads = new Map<unknown, Set<unknown>>();
    for (const { body, thread } of pushesOf(plan, 'ali-card-template')) {
      const [element] = elementsIn(body);
      const code = element?.template_code;
      told.set(code, [...(told.get(code) ?? []), element?.approval_status]);
      threads.set(code, (threads.get(code) ?? new Set()).add(thread));
    }
    expect(told.size).toBeGreaterThan(1);
    for (const states of told.values()) expect([0, states[1]]).toEqual(states);
    for (const ofOne of threads.values()) expect([...ofOne]).toEqual([expect.stringContaining('card template')]);
    expect(pushesOf(plan, 'ali-chat-audit').every(({ thread }) => thread !== undefined)).toBe(true);
  });
});
