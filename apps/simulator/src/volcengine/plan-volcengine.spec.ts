import { describe, expect, it } from '@jest/globals';
import type { Element } from '../plan/elements-for-tests.js';
import { elementsOf, receiptsOf } from '../plan/elements-for-tests.js';
import { planRun } from '../plan/plan-run.js';

// So many that the rare is there: a review for every 300 messages.
const plan = planRun({ messages: 20_000, seed: 5, startedAt: 1_795_000_000_000 });

describe('what Volcengine pushes', () => {
  it('has statuses of the documented types, with a text as code', () => {
    const reports = elementsOf(plan, 'volcengine-status');
    for (const report of reports) {
      expect(report).toMatchObject({
        message_id: expect.stringMatching(/^[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/),
        mobile: expect.stringMatching(/^\+?\d{11,12}$/),
        msg_count: expect.any(Number),
        status_code: expect.stringMatching(/^(?:0|[A-Z]{2}:\d{4})$/),
      });
      expect(report.recv_time).toBeGreaterThan(report.send_time as number);
    }
    expect(reports.some(({ status_code: code }) => code === 'XX:0001')).toBe(true);
  });

  it('names the sending number in mainland China, network and country abroad', () => {
    const reports = elementsOf(plan, 'volcengine-status');
    const isAbroad = ({ channel_type: type }: Element): boolean => String(type).startsWith('I18N_');
    expect(reports.some(isAbroad)).toBe(true);
    for (const report of reports) {
      expect({
        ...report,
        inChina: 'service_id' in report,
        abroad: 'iso_code' in report && 'mccmnc' in report,
      }).toEqual({ ...report, inChina: !isAbroad(report), abroad: isAbroad(report) });
    }
  });

  it('has results of reviews as arrays and as objects, and nothing of them twice', () => {
    const bodies = [...receiptsOf(plan, 'volcengine-signature'), ...receiptsOf(plan, 'volcengine-template')].map(
      ({ body }) => body,
    );
    expect(new Set(bodies.map((body) => body.charAt(0)))).toEqual(new Set(['[', '{']));
    expect(new Set(bodies).size).toBe(bodies.length);
  });

  it('approves later, under another work order, some of what it rejected', () => {
    const ofSubject = new Map<unknown, Element[]>();
    for (const review of [...elementsOf(plan, 'volcengine-signature'), ...elementsOf(plan, 'volcengine-template')]) {
      const subject = review.template_id ?? review.signature;
      ofSubject.set(subject, [...(ofSubject.get(subject) ?? []), review]);
    }
    const time = ({ audit_time: text }: Element): string => text as string;
    const again = [...ofSubject.values()].filter(({ length }) => length > 1);
    expect(again.length).toBeGreaterThan(0);
    for (const reviews of again) {
      const inTime = reviews.toSorted((a, b) => (time(a) < time(b) ? -1 : 1));
      expect(inTime.map(({ audit_result: result }) => result)).toEqual([false, true]);
      expect(new Set(reviews.map(({ apply_id: order }) => order)).size).toBe(2);
    }
    const stillRejected = [...ofSubject.values()].filter(
      ([only, ...others]) => only?.audit_result === false && others.length === 0,
    );
    expect(stillRejected.length).toBeGreaterThan(0);
  });
});
