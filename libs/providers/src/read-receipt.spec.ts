import { describe, expect, it } from '@jest/globals';
import { CONTEXT, read } from '../../../test/providers/read.js';
import { alibaba } from './alibaba/provider.js';
import { smsReport } from './alibaba/sms-report.js';
import { MAX_UNREAD_PARTS, readReceipt } from './read-receipt.js';

const GOOD = { phone_number: '13800000001', success: true, biz_id: '1^0' };

describe('readReceipt', () => {
  it('tells the kinds of elements that are no objects apart', () => {
    const { deadLetters } = read(smsReport, '[1, 12345678901234567890, "x", null, [], true]');
    expect(deadLetters.map(({ code, detail }) => `${code}: ${detail}`)).toEqual([
      'ELEMENT_NOT_OBJECT: the element is a number',
      'ELEMENT_NOT_OBJECT: the element is a number',
      'ELEMENT_NOT_OBJECT: the element is a string',
      'ELEMENT_NOT_OBJECT: the element is null',
      'ELEMENT_NOT_OBJECT: the element is an array',
      'ELEMENT_NOT_OBJECT: the element is a boolean',
    ]);
  });

  it('refuses an event that is too large for a record, and only that one', () => {
    const elements = [GOOD, { ...GOOD, biz_id: '2^0', remark: '大'.repeat(40_000) }, { ...GOOD, biz_id: '3^0' }];
    const body = Buffer.from(JSON.stringify(elements));
    const result = readReceipt(smsReport, body, CONTEXT, 100_000);
    expect(result.events.map(({ data }) => 'messageId' in data && data.messageId)).toEqual(['1^0', '3^0']);
    expect(result.deadLetters).toEqual([
      {
        code: 'ELEMENT_TOO_LARGE',
        detail: expect.stringMatching(/^an event of 12\d{4} bytes$/),
        element: 1,
        value: Buffer.from(JSON.stringify(elements[1])),
      },
    ]);
  });

  it('never makes an event larger than allowed, even where it grows most', () => {
    // Backslashes beside a NUL are doubled, and a name stands in two fields.
    const name = `\0${'\\'.repeat(29_000)}`;
    const body = Buffer.from(JSON.stringify({ sign_name: name, sign_status: 'approved' }));
    const type = alibaba.receiptTypes.SignSmsReport;
    if (type === undefined) throw new Error('no SignSmsReport');
    const { events, deadLetters } = readReceipt(type, body, CONTEXT, 200_000);
    expect(events).toEqual([]);
    expect(deadLetters.map(({ code }) => code)).toEqual(['ELEMENT_TOO_LARGE']);
  });

  it('puts a body aside once where very many of its elements would each be a dead letter, and keeps what it can read', () => {
    const many = (count: number) => `[${'0,'.repeat(count)}${JSON.stringify(GOOD)}]`;
    expect(read(smsReport, many(MAX_UNREAD_PARTS)).deadLetters).toHaveLength(MAX_UNREAD_PARTS);
    const body = many(MAX_UNREAD_PARTS + 1);
    const { events, deadLetters, elements } = read(smsReport, body);
    expect([events.length, elements]).toEqual([1, MAX_UNREAD_PARTS + 2]);
    expect(deadLetters).toEqual([
      {
        code: 'ELEMENTS_UNREADABLE',
        detail: `${MAX_UNREAD_PARTS + 1} of ${MAX_UNREAD_PARTS + 2} elements; the first: ELEMENT_NOT_OBJECT`,
        element: null,
        value: Buffer.from(body),
      },
    ]);
  });
});
