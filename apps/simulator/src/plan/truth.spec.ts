import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { SourceId } from '../callbacks.js';
import type { Element } from './elements-for-tests.js';
import { allElementsOf } from './elements-for-tests.js';
import type { RunPlan } from './plan-run.js';
import { planRun } from './plan-run.js';
import type { ReadReport } from './reports-for-tests.js';
import { conclude, keyOf, readReport, REPORT_SOURCES } from './reports-for-tests.js';
import type { Truth } from './truth.js';

const share = fc.double({ min: 0, max: 1, noNaN: true });
const plans = fc
  .record({
    messages: fc.integer({ min: 50, max: 300 }),
    seed: fc.nat(),
    startedAt: fc.integer({ min: Date.UTC(2026, 0, 1), max: Date.UTC(2040, 0, 1) }),
    shape: fc.record({ duplicates: share, disorder: share, late: share, contradictions: share, poison: share }),
  })
  .chain((request) => fc.subarray([...REPORT_SOURCES], { minLength: 1 }).map((only) => ({ ...request, only })));

function things<K extends Truth['kind']>({ truth }: RunPlan, kind: K): Extract<Truth, { kind: K }>[] {
  return truth.filter((thing): thing is Extract<Truth, { kind: K }> => thing.kind === kind);
}

/** A plan of one source, with everything going wrong that can. */
function planOf(source: SourceId, seed = 3): RunPlan {
  const shape = { duplicates: 0.3, disorder: 0.3, contradictions: 0.3, late: 0.1, poison: 0.1 };
  return planRun({ messages: 300, seed, startedAt: 1_795_000_000_000, only: [source], shape });
}

describe('the truth', () => {
  it('about messages follows from what is reported about them, for every seed and shape', () => {
    fc.assert(
      fc.property(plans, (request) => {
        for (const source of request.only) {
          const plan = planRun({ ...request, only: [source] });
          const reports = Map.groupBy(
            allElementsOf(plan, source)
              .map((element) => readReport(source, element))
              .filter((report): report is ReadReport => report !== null),
            ({ key }) => key,
          );
          const messages = things(plan, 'message');
          expect(new Set(messages.map((message) => keyOf(source, message)))).toEqual(new Set(reports.keys()));
          for (const message of messages) {
            const { status, code, conflict } = message;
            const concluded = conclude(reports.get(keyOf(source, message))!);
            expect({ status, code, conflict, message }).toEqual({ ...concluded, message });
          }
          const facts = new Set(
            [...reports.values()].flat().map(({ key, segment, status, code }) => [key, segment, status, code].join()),
          );
          expect(facts.size).toBe(plan.expected.deliveryReports);
        }
      }),
      { numRuns: 30 },
    );
  });

  it.each<[SourceId, string]>([
    ['ali-sms-report', 'out_id'],
    ['ali-sms-report-intl', 'TaskId'],
    ['ali-chat-status', 'TaskId'],
    ['huawei-status', 'extend'],
    ['volcengine-status', 'ext'],
  ])('about the references of %s is what any report says, by whichever door', (source, field) => {
    const plan = planOf(source);
    const said = new Map<string, unknown>();
    for (const element of allElementsOf(plan, source)) {
      const report = readReport(source, element);
      if (report !== null) said.set(report.key, said.get(report.key) ?? element[field] ?? null);
    }
    const messages = things(plan, 'message');
    expect(messages.some(({ reference }) => reference !== null)).toBe(true);
    for (const message of messages) expect(message.reference).toBe(said.get(keyOf(source, message)));
  });

  it.each<[SourceId, (element: Element) => unknown, string]>([
    ['ali-sms-up', ({ sequence_id: id }) => String(id), 'content'],
    ['huawei-uplink', ({ smsMsgId }) => smsMsgId, 'body'],
    ['tencent-reply', ({ extend }) => extend, 'text'],
    ['volcengine-uplink', ({ service_id: id }) => id, 'content'],
  ])('about replies of %s is each of them once', (source, idOf, text) => {
    const plan = planOf(source);
    const texts = new Map(allElementsOf(plan, source).map((element) => [idOf(element), element[text]]));
    const replies = things(plan, 'reply');
    expect(new Map(replies.map(({ originId, addressee, text: said }) => [originId ?? addressee, said]))).toEqual(texts);
    for (const { text: said, keyword } of replies) {
      if (keyword === 'stop') expect(said).toMatch(/^\s*(?:TD|td|ＴＤ|T|R|退订)\s*$/);
    }
    expect(new Set(replies.map(({ keyword }) => keyword))).toEqual(new Set(['stop', 'start', 'help', null]));
  });

  it.each<[SourceId, SourceId]>([
    ['ali-sms-report', 'ali-sms-up'],
    ['huawei-status', 'huawei-uplink'],
    ['tencent-status', 'tencent-reply'],
    ['volcengine-status', 'volcengine-uplink'],
  ])('about people to whom %s reports deliveries lets them reply by %s', (reports, replies) => {
    const plan = planRun({ messages: 1_000, seed: 3, startedAt: 1_795_000_000_000, only: [reports, replies] });
    const recipients = new Set(things(plan, 'message').map(({ recipient }) => recipient));
    expect(things(plan, 'reply')).toHaveLength(10);
    for (const { sender } of things(plan, 'reply')) expect(recipients).toContain(sender);
  });

  it('about SMS reviews is the verdict of the last work order', () => {
    for (const source of ['ali-sign-report', 'ali-template-report'] as const) {
      const plan = planOf(source);
      const orders = new Map<unknown, Element[]>();
      for (const element of allElementsOf(plan, source)) {
        const order = element.orderId ?? element.order_id;
        orders.set(order, [...(orders.get(order) ?? []), element]);
      }
      const statusOf = ({ sign_status: sign, template_status: template }: Element) => sign ?? template;
      for (const { workOrder, status, reason } of things(plan, 'review')) {
        const said = orders.get(workOrder)!;
        const verdict = said.find((element) => statusOf(element) !== 'approving');
        expect(status).toBe(verdict === undefined ? 'pending' : statusOf(verdict));
        const reasons = said.map(({ reason: text }) => text).filter((text) => text !== undefined && text !== '');
        expect(reason).toBe(reasons[0] ?? null);
      }
      const subjects = new Set(things(plan, 'review').map(({ id }) => id));
      expect(subjects.size).toBe(things(plan, 'review').length);
      expect(orders.size).toBeGreaterThan(subjects.size);
    }
  });

  it('about work orders of one subject holds because they are told one after the other', () => {
    const { receipts } = planOf('ali-sign-report');
    const threads = new Map<unknown, Set<unknown>>();
    const orders = new Map<unknown, unknown[]>();
    for (const { body, thread } of receipts.filter((receipt) => !receipt.body.includes('malformed-'))) {
      const {
        sign_name: name,
        orderId,
        order_id: order = orderId,
      } = JSON.parse(body.replace(/^\[|\]$/g, '')) as Element;
      threads.set(name, (threads.get(name) ?? new Set()).add(thread));
      orders.set(name, [...(orders.get(name) ?? []), order]);
    }
    const several = [...orders].filter(([, ofOne]) => new Set(ofOne).size > 1);
    expect(several.length).toBeGreaterThan(10);
    for (const [name, ofOne] of several) {
      expect(threads.get(name)).toEqual(new Set([expect.stringContaining('ali-sign-report')]));
      expect(ofOne).toEqual(ofOne.toSorted());
    }
  });

  it('about templates, cards and accounts is what is told last', () => {
    const cards = planOf('ali-card-template');
    const last = new Map(allElementsOf(cards, 'ali-card-template').map((element) => [element.template_code, element]));
    for (const { id, status, reason } of things(cards, 'review')) {
      const { approval_status: number, desc } = last.get(id)!;
      expect(status).toBe(['pending', 'approved', 'rejected'][number as number]);
      expect(reason).toBe(status === 'rejected' ? desc : null);
    }

    const audits = planOf('ali-chat-audit');
    const words: Readonly<Record<string, string>> = {
      ...{ pass: 'approved', fail: 'rejected', auditing: 'pending', unaudit: 'pending' },
      ...{ paused: 'paused', disabled: 'disabled' },
    };
    const templates = new Map<unknown, unknown>();
    const notices = new Map<string, unknown>();
    for (const { AuditStatus: word, Status: value, ...element } of allElementsOf(audits, 'ali-chat-audit')) {
      if (word !== undefined) templates.set(element.TemplateCode, words[word as string]);
      else {
        const phone = element.PhoneNumber === undefined ? undefined : `+${element.PhoneNumber as string}`;
        notices.set([element.Type, phone ?? element.TemplateCode ?? element.WabaId].join(), value);
      }
    }
    expect(new Map(things(audits, 'review').map(({ id, status }) => [id, status]))).toEqual(templates);
    expect(things(audits, 'notice').map(({ id, value }) => [id, value])).toEqual(
      expect.arrayContaining([...notices].map(([key, value]) => [key.split(',')[1], value])),
    );
    expect(things(audits, 'notice')).toHaveLength(notices.size);
  });

  it('about consent is the last word of every person', () => {
    const plan = planOf('ali-chat-status');
    const words = new Map<string, { readonly at: number; readonly word: unknown }>();
    for (const { To: to, Status: word, Timestamp: at } of allElementsOf(plan, 'ali-chat-status')) {
      if (word !== 'subscribe' && word !== 'unsubscribe') continue;
      const person = `+${to as string}`;
      if ((words.get(person)?.at ?? 0) < (at as number)) words.set(person, { at: at as number, word });
    }
    expect(words.size).toBeGreaterThan(1);
    expect(new Map(things(plan, 'notice').map(({ id, value }) => [id, value]))).toEqual(
      new Map([...words].map(([person, { word }]) => [person, word])),
    );
  });

  it('about what is poison is each body, once', () => {
    const { truth, receipts } = planRun({
      messages: 500,
      seed: 1,
      startedAt: 1_795_000_000_000,
      shape: { poison: 0.2 },
    });
    const poison = truth.filter(({ kind }) => kind === 'poison');
    expect(poison).toHaveLength(100);
    const bodies = receipts.filter(({ body }) => body.includes('malformed-'));
    expect(poison.map((one) => (one.kind === 'poison' ? one.body : '')).toSorted()).toEqual(
      bodies.map(({ body }) => body).toSorted(),
    );
    expect(new Set(bodies.map(({ door }) => door))).toEqual(new Set(['push', 'queue']));
  });
});
