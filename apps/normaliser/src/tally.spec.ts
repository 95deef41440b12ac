import { expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import type { IncomingRecord } from '#kafka';
import { Tally } from './tally.js';

function letterOf(headers: Readonly<Record<string, string>>) {
  const record: IncomingRecord = {
    topic: 'submissions.v1',
    partition: 0,
    offset: '7',
    timestamp: 0,
    key: null,
    value: null,
    headers: Object.fromEntries(Object.entries(headers).map(([name, text]) => [name, Buffer.from(text)])),
  };
  const tally = new Tally();
  const letter = { code: 'FIELD_INVALID', detail: 'a field', element: 0, value: Buffer.alloc(0) } as const;
  tally.add({ events: [], deadLetters: [letter], elements: 1 }, record);
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
