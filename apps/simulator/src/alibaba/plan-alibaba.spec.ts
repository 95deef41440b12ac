import { describe, expect, it } from '@jest/globals';
import type { Element } from '../plan/elements-for-tests.js';
import { elementsOf, receiptsOf, TIDY } from '../plan/elements-for-tests.js';
import { planRun } from '../plan/plan-run.js';

const FIXED = { messages: 5_000, seed: 3, startedAt: 1_795_000_000_000 };
const plan = planRun(FIXED);
/** Everything pushed, once, where it belongs. */
const tidy = planRun({ ...FIXED, shape: TIDY });
/** Everything pushed and in queues. */
const both = planRun({ ...FIXED, shape: { ...TIDY, doors: { push: 0, queue: 0, both: 1 } } });
const LOCAL_TIME = /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/;

function seen(elements: readonly Element[], field: string): ReadonlySet<unknown> {
  return new Set(elements.map((element) => element[field]));
}

describe('what Alibaba Cloud pushes', () => {
  it('has the types of the mainland page', () => {
    for (const report of elementsOf(plan, 'ali-sms-report')) {
      expect(report).toMatchObject({
        phone_number: expect.stringMatching(/^1\d{10}$/),
        send_time: expect.stringMatching(LOCAL_TIME),
        report_time: expect.stringMatching(LOCAL_TIME),
        success: expect.any(Boolean),
        sms_size: expect.stringMatching(/^[1-5]$/),
        biz_id: expect.stringMatching(/^\d{18}\^0$/),
      });
    }
  });

  it('has both editions of 2019, a submission before the outcome', () => {
    const reports = elementsOf(tidy, 'ali-sms-report-2019');
    expect(seen(reports, 'SendStatus')).toEqual(new Set(['1', '2', '6', 1, 2, 3, 'DELIVERED']));
    expect(seen(reports, 'SmsQuantity')).toContain('1,2,3');
    const submitted = new Set<unknown>();
    for (const { BizId: id, SendStatus: status } of reports) {
      if (status === 1) submitted.add(id);
      if (typeof status === 'number') expect(submitted).toContain(id);
    }
  });

  it('writes international times with their offset, the older API without', () => {
    for (const { SendDate: sent } of elementsOf(plan, 'ali-sms-report-intl')) {
      expect(sent).toMatch(/^\w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d \+0800$/);
    }
    expect(seen(elementsOf(plan, 'ali-sms-report-intl'), 'Status')).toEqual(new Set(['1', '2', '6']));
    for (const report of elementsOf(plan, 'ali-globe-report')) {
      expect(report).toMatchObject({
        status: expect.stringMatching(/^[12]$/),
        send_date: expect.stringMatching(LOCAL_TIME),
      });
    }
  });

  it('has replies whose number is text or a number', () => {
    const replies = elementsOf(plan, 'ali-sms-up');
    expect(new Set(replies.map(({ sequence_id: id }) => typeof id))).toEqual(new Set(['string', 'number']));
    expect(replies.every(({ sequence_id: id }) => /^\d{15}$/.test(String(id)))).toBe(true);
  });

  it('pushes reviews with the verdict after the application, and new applications after a refusal', () => {
    const orders = new Map<unknown, unknown[]>();
    const elements = [...elementsOf(tidy, 'ali-sign-report'), ...elementsOf(tidy, 'ali-template-report')];
    for (const element of elements) {
      const status = element.sign_status ?? element.template_status;
      orders.set(element.orderId, [...(orders.get(element.orderId) ?? []), status]);
    }
    expect(orders.size).toBeGreaterThan(5);
    for (const statuses of orders.values())
      expect(['approving', 'approving,approved', 'approving,rejected']).toContain(String(statuses));
    const subjects = new Set(elements.map(({ sign_name: name, template_code: code }) => name ?? code));
    expect(orders.size).toBeGreaterThan(subjects.size);
  });

  it('writes mainland reports in queues in another order', () => {
    for (const report of elementsOf(both, 'ali-sms-report', 'queue').slice(0, 50)) {
      expect(Object.keys(report).filter((key) => key !== 'out_id')).toEqual([
        ...['send_time', 'report_time', 'success', 'err_msg', 'err_code', 'phone_number', 'sms_size', 'biz_id'],
      ]);
    }
  });

  it('has, in the international queue, either the id of the caller or the size', () => {
    const queued = elementsOf(both, 'ali-sms-report-intl', 'queue');
    expect(queued.some((report) => 'TaskId' in report)).toBe(true);
    expect(queued.some((report) => 'SmsSize' in report)).toBe(true);
    expect(queued.some((report) => 'TaskId' in report && 'SmsSize' in report)).toBe(false);
  });

  it('spells the work order differently in queues, half the time without reason and remark', () => {
    for (const source of ['ali-sign-report', 'ali-template-report'] as const) {
      const queued = elementsOf(both, source, 'queue');
      for (const review of queued) expect('order_id' in review && !('orderId' in review)).toBe(true);
      expect(new Set(queued.map((review) => 'reason' in review))).toEqual(new Set([true, false]));
    }
  });

  it('has replies in queues with bare numbers, some with an exponent', () => {
    const replies = receiptsOf(both, 'ali-sms-up', 'queue');
    const exponents = replies.filter(({ body }) => /"sequence_id":\d\.\d+E\d+,/.test(body));
    expect(exponents.length).toBeGreaterThan(0);
    expect(exponents.length).toBeLessThan(replies.length);
    for (const { sequence_id: id } of elementsOf(both, 'ali-sms-up', 'queue')) expect(String(id)).toMatch(/^\d{15}$/);
  });

  it('has integers for ids of cards in queues, wherever they are integers at all', () => {
    const queued = elementsOf(both, 'ali-card-render', 'queue').map(({ outId: id }) => id);
    expect(queued.some((id) => typeof id === 'number')).toBe(true);
    for (const id of queued) expect(typeof id === 'number' || (id as string).startsWith('card-')).toBe(true);
  });

  it('has cards as both pages type them', () => {
    const cards = elementsOf(plan, 'ali-card-render');
    expect(seen(cards, 'render_status')).toEqual(new Set(['0', 0]));
    expect(new Set(cards.map(({ outId: id }) => typeof id))).toEqual(new Set(['string', 'number']));
    const templates = elementsOf(plan, 'ali-card-template');
    expect(seen(templates, 'approval_status')).toEqual(new Set([0, 1, 2]));
    expect(new Set(templates.map(({ extData: data }) => typeof data))).toEqual(new Set(['string', 'object']));
  });

  it('has statuses of four chat apps, in any order, old and new', () => {
    const statuses = elementsOf(plan, 'ali-chat-status');
    expect(seen(statuses, 'From').size).toBe(4);
    expect(seen(statuses, 'Status')).toEqual(
      new Set([
        ...['Sent', 'Delivered', 'Read', 'Failed', 'sent', 'delivered', 'read', 'failed'],
        ...['subscribe', 'unsubscribe'],
      ]),
    );
    const first = new Map<unknown, unknown>();
    for (const { MessageId: id, Status: status } of statuses) if (!first.has(id)) first.set(id, status);
    expect(new Set(first.values())).toContain('Read');
    for (const element of statuses) {
      const isOldest = /^(sent|delivered|read|failed)$/.test(String(element.Status));
      expect(element.Timestamp).toEqual(isOldest ? expect.stringMatching(/^\d{13}$/) : expect.any(Number));
      expect(typeof element.To === 'string' || typeof element.FromUserId === 'string').toBe(true);
    }
  });

  it('has inbound messages of every type, documents as text and as objects', () => {
    const inbound = elementsOf(plan, 'ali-chat-inbound');
    expect(seen(inbound, 'Type')).toEqual(
      new Set(['TEXT', 'REPLY', 'LOCATION', 'IMAGE', 'VIDEO', 'AUDIO', 'DOCUMENT']),
    );
    const documents = inbound.filter(({ Type: type }) => type !== 'TEXT');
    expect(new Set(documents.map(({ Message: message }) => typeof message))).toEqual(new Set(['string', 'object']));
  });

  it('has audits of both versions and notices of every kind', () => {
    const audits = elementsOf(tidy, 'ali-chat-audit');
    expect(seen(audits, 'Type')).toEqual(
      new Set([
        ...[undefined, 'template', 'phoneNameUpdate', 'phoneQualityUpdate', 'wabaReviewUpdate', 'wabaAccountUpdate'],
        ...['templateCategoryUpdate', 'templateQualityUpdate'],
      ]),
    );
  });
});
