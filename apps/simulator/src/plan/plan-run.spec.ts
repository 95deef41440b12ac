import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { PlannedPush, RunPlan } from './plan-run.js';
import { planRun } from './plan-run.js';

type Element = Readonly<Record<string, unknown>>;

const request = fc.record({
  messages: fc.integer({ min: 1, max: 400 }),
  seed: fc.nat(),
  startedAt: fc.integer({ min: Date.UTC(2026, 0, 1), max: Date.UTC(2040, 0, 1) }),
});

function elements(plan: RunPlan, receipt: PlannedPush['receipt']): Element[] {
  return plan.pushes
    .filter((push) => push.receipt === receipt && !push.body.includes('malformed-'))
    .flatMap((push) => JSON.parse(push.body) as Element[]);
}

function distinct(list: readonly Element[], ...fields: string[]): number {
  return new Set(list.map((element) => JSON.stringify(fields.map((field) => element[field])))).size;
}

describe('planRun', () => {
  it('gives the same pushes for the same seed and start', () => {
    fc.assert(
      fc.property(request, (one) => {
        expect(planRun(one)).toEqual(planRun({ ...one }));
      }),
    );
  });

  it('gives other pushes for another seed', () => {
    const one = { messages: 50, startedAt: 1_795_000_000_000 };
    expect(planRun({ ...one, seed: 1 }).pushes).not.toEqual(planRun({ ...one, seed: 2 }).pushes);
  });

  it('holds exactly what it says is to be expected', () => {
    fc.assert(
      fc.property(request, (one) => {
        const plan = planRun(one);
        const reports = elements(plan, 'SmsReport');
        const reviews = [...elements(plan, 'SignSmsReport'), ...elements(plan, 'TemplateSmsReport')];
        const verdicts = reviews.map((element) => element.sign_status ?? element.template_status);
        const { expected } = plan;

        expect(expected.messages).toBe(one.messages);
        expect(plan.pushes).toHaveLength(expected.receipts);
        expect(distinct(reports, 'biz_id', 'phone_number')).toBe(expected.messages);
        expect(distinct(reports, 'biz_id', 'phone_number', 'success', 'err_code')).toBe(expected.messages);
        const delivered = reports.filter((report) => report.success === true);
        expect(distinct(delivered, 'biz_id', 'phone_number')).toBe(expected.messagesDelivered);
        expect(expected.messagesDelivered + expected.messagesFailed).toBe(expected.messages);
        expect(elements(plan, 'SmsUp')).toHaveLength(expected.replies);
        expect(distinct(elements(plan, 'SmsUp'), 'sequence_id')).toBe(expected.replies);
        expect(distinct(reviews, 'orderId')).toBe(expected.reviews);
        expect(verdicts.filter((verdict) => verdict === 'approving')).toHaveLength(expected.reviews);
        expect(verdicts.filter((verdict) => verdict === 'approved')).toHaveLength(expected.reviewsApproved);
        expect(verdicts.filter((verdict) => verdict === 'rejected')).toHaveLength(expected.reviewsRejected);
        const malformed = plan.pushes.filter(({ body }) => body.includes('malformed-'));
        expect(new Set(malformed.map(({ body }) => body)).size).toBe(expected.malformed);
      }),
      { numRuns: 30 },
    );
  });

  it('puts the tag of the run into everything that it pushes', () => {
    fc.assert(
      fc.property(request, (one) => {
        const { pushes, expected } = planRun(one);
        expect(pushes.filter(({ body }) => !body.includes(expected.tag))).toEqual([]);
      }),
      { numRuns: 30 },
    );
  });

  it('pushes reviews alone and with the verdict after the application', () => {
    const plan = planRun({ messages: 2_000, seed: 7, startedAt: 1_795_000_000_000 });
    const reviews = plan.pushes.filter(({ receipt }) => receipt === 'SignSmsReport' || receipt === 'TemplateSmsReport');
    const seen = new Map<unknown, unknown[]>();
    for (const { body } of reviews) {
      const [element, ...others] = JSON.parse(body) as Element[];
      expect(others).toEqual([]);
      const status = element?.sign_status ?? element?.template_status;
      seen.set(element?.orderId, [...(seen.get(element?.orderId) ?? []), status]);
    }
    expect(seen.size).toBe(plan.expected.reviews);
    for (const statuses of seen.values()) {
      expect(statuses[0]).toBe('approving');
      expect(['approved', 'rejected']).toContain(statuses[1]);
    }
  });

  it('keeps to the field types of the vendor', () => {
    const plan = planRun({ messages: 500, seed: 3, startedAt: 1_795_000_000_000 });
    for (const report of elements(plan, 'SmsReport')) {
      expect(report).toMatchObject({
        phone_number: expect.stringMatching(/^1\d{10}$/),
        send_time: expect.stringMatching(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/),
        report_time: expect.stringMatching(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/),
        success: expect.any(Boolean),
        sms_size: expect.stringMatching(/^[1-5]$/),
        biz_id: expect.stringMatching(/^\d{18}\^0$/),
      });
    }
    const replies = elements(plan, 'SmsUp');
    expect(new Set(replies.map((reply) => typeof reply.sequence_id))).toEqual(new Set(['string', 'number']));
    expect(replies.every((reply) => /^\d{15}$/.test(String(reply.sequence_id)))).toBe(true);
  });
});
