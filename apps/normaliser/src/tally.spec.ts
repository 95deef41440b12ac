import { expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import type { CanonicalEvent } from '#contracts';
import type { IncomingRecord } from '#kafka';
import { Tally } from './tally.js';

function recordWith(headers: Readonly<Record<string, string>>): IncomingRecord {
  return {
    topic: 'submissions.v1',
    partition: 0,
    offset: '7',
    timestamp: 0,
    key: null,
    value: null,
    headers: Object.fromEntries(Object.entries(headers).map(([name, text]) => [name, Buffer.from(text)])),
  };
}

function letterOf(headers: Readonly<Record<string, string>>) {
  const tally = new Tally();
  const letter = { code: 'FIELD_INVALID', detail: 'a field', element: 0, value: Buffer.alloc(0) } as const;
  tally.add({ events: [], deadLetters: [letter], elements: 1 }, recordWith(headers));
  return tally.deadLetters[0]!;
}

it('tells of a dead letter by the headers that we give receipts', () => {
  const receiptId = randomUUID();
  expect(letterOf({ source: 'sms-report', 'receipt-id': receiptId })).toMatchObject({
    source: 'sms-report',
    receiptId,
  });
});

it("repeats no header of somebody else's, which may be a number", () => {
  const letter = letterOf({ source: '8613800000001', 'receipt-id': '8613800000001' });
  expect(letter).toMatchObject({ source: undefined, receiptId: undefined, origin: 'submissions.v1/0/7' });
});

it.each([
  ['alibaba', 'UNDREAMT_OF', 1],
  ['alibaba', 'SP_UNKNOW_ERROR', 0],
  ['alibaba', 'unknow', 0],
  ['huawei', 'Unknown', 0],
  ['tencent', 'REJECTD', 0],
  ['volcengine', 'UN:0900', 0],
  ['volcengine', null, 1],
] as const)(
  'counts codes that no table has, not those whose cause nobody knows: %s %s',
  (provider, providerCode, count) => {
    const data = { provider, providerCode, reason: 'unknown' };
    const event = { type: 'io.quittance.message.status-reported.v1', data } as unknown as CanonicalEvent;
    const tally = new Tally();
    tally.add({ events: [event], deadLetters: [], elements: 1 }, recordWith({}));
    expect(tally.unknownCodes.get(provider) ?? 0).toBe(count);
  },
);
