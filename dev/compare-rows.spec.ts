import { describe, expect, it } from '@jest/globals';
import { compareRows } from './compare-rows.js';
import type { RunRow } from './run-rows.js';
import type { MessageTruth, NoticeTruth, ReplyTruth, ReviewTruth, Truth } from './truth.js';

const MESSAGE: MessageTruth = {
  kind: 'message',
  provider: 'alibaba',
  channel: 'sms',
  messageId: '1^0',
  recipient: '+8613800000001',
  sender: null,
  reference: 'ord-1',
  status: 'delivered',
  final: true,
  reason: null,
  code: 'DELIVERED',
  conflict: false,
  sentAt: '2026-11-21T17:00:00.000Z',
  occurredAt: null,
};
const OTHER: MessageTruth = { ...MESSAGE, recipient: '+8613800000002' };
const REPLY: ReplyTruth = {
  kind: 'reply',
  provider: 'tencent',
  channel: 'sms',
  originId: null,
  sender: '+8613800000003',
  addressee: '17',
  text: 'a secret word',
  keyword: null,
  occurredAt: null,
};
const REVIEW: ReviewTruth = {
  kind: 'review',
  provider: 'alibaba',
  subject: 'sms-template',
  id: 'SMS_1',
  workOrder: '7',
  status: 'approved',
  reason: null,
  occurredAt: null,
};
const NOTICE: NoticeTruth = {
  kind: 'notice',
  provider: 'alibaba',
  channel: 'viber',
  subject: 'person',
  id: '+8613800000004',
  aspect: 'subscription',
  value: 'subscribe',
  occurredAt: '2026-11-21T17:00:00.000Z',
};
const TRUTH = [MESSAGE, OTHER, REPLY, REVIEW, NOTICE];

async function* each<T>(list: readonly T[]): AsyncGenerator<T> {
  for (const one of list) yield await Promise.resolve(one);
}

/** A row that says what is true, but for what is changed. */
function row(truth: (typeof TRUTH)[number], changes: object = {}): RunRow {
  return { ...truth, occurredAt: '2026-11-21T17:00:00.000Z', key: 'k', ...changes };
}

function compare(rows: readonly RunRow[], truth: readonly Truth[] = TRUTH) {
  return compareRows(each(truth), each(rows));
}

const RIGHT = TRUTH.map((truth) => row(truth));

describe('compareRows', () => {
  it('finds nothing wrong with rows that are true, in any order, and counts them', async () => {
    expect(await compare(RIGHT.toReversed())).toEqual({
      message: { delivered: 2 },
      mobileOriginated: 1,
      review: { approved: 1 },
      accountStatus: 1,
      right: 5,
      missing: 0,
      wrong: [],
      unshown: 0,
    });
  });

  it.each<[string, readonly RunRow[], string]>([
    ['a missing row', RIGHT.slice(1), 'alibaba message 1^0: no row'],
    ['a surplus row', [...RIGHT, row(REVIEW)], 'alibaba sms-template SMS_1, row k: nothing of the kind was reported'],
    [
      'a column that differs',
      [row(MESSAGE, { status: 'failed', conflict: true }), ...RIGHT.slice(1)],
      'alibaba message 1^0, row k: status is failed and not delivered, conflict is true and not false',
    ],
    [
      'a time that somebody said',
      [...RIGHT.slice(0, 4), row(NOTICE, { occurredAt: '2026-11-21T18:00:00.000Z' })],
      'alibaba subscription of a person, row k: occurredAt is 2026-11-21T18:00:00.000Z and not 2026-11-21T17:00:00.000Z',
    ],
    [
      'a person and a text, without naming them',
      [...RIGHT.slice(0, 2), row(REPLY, { sender: null, text: 'another word' }), ...RIGHT.slice(3)],
      'tencent reply to 17, row k: another sender, another text',
    ],
  ])('names %s', async (_what, rows, line) => {
    const { wrong } = await compare(rows);
    expect(wrong).toEqual([line]);
    expect(wrong.join()).not.toMatch(/138|secret/);
  });

  it('says of one message to one person that the person differs, of several that a row is missing', async () => {
    const changed = row(MESSAGE, { recipient: '+8613800000009' });
    expect((await compare([changed], [MESSAGE])).wrong).toEqual(['alibaba message 1^0, row k: another recipient']);
    expect((await compare([changed, row(OTHER)], [MESSAGE, OTHER])).wrong).toHaveLength(2);
  });

  it('shows twenty and counts the rest', async () => {
    const many = Array.from({ length: 50 }, (_, index) => ({ ...REVIEW, id: `SMS_${index}` }));
    expect(await compare([], many)).toMatchObject({ wrong: { length: 20 }, unshown: 30 });
  });
});
