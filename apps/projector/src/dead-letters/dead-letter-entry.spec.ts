import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { deadLetterRecord, type IncomingRecord } from '#kafka';
import { deadLetterEntry } from './dead-letter-entry.js';

const RECEIPT_ID = '0198a3b2-0000-7000-8000-000000000001';

function record(headers: IncomingRecord['headers'], timestamp = 0): IncomingRecord {
  return { topic: 'd', partition: 1, offset: '7', timestamp, key: null, value: Buffer.from('personal'), headers };
}

describe('what the table keeps of a dead letter', () => {
  it('is what its headers say', () => {
    const failed = { ...record({ source: 'sms-up', 'receipt-id': RECEIPT_ID, 'redriven-from': '3/12' }), topic: 't' };
    const letter = deadLetterRecord('d', failed, {
      code: 'FIELD_MISSING',
      detail: 'biz_id is missing',
      stage: 'normaliser',
      element: 3,
      value: null,
      reader: '1.2.3/0a1b',
    });
    expect(deadLetterEntry(record(letter.headers))).toEqual({
      partition: 1,
      offset: '7',
      code: 'FIELD_MISSING',
      detail: 'biz_id is missing',
      stage: 'normaliser',
      source: 'sms-up',
      receiptId: RECEIPT_ID,
      element: 3,
      origin: 't/1/7',
      reader: '1.2.3/0a1b',
      redrivenFrom: '3/12',
      at: new Date(letter.headers['dead-letter-at'] as string),
    });
  });

  it('holds nothing that only somebody else can have written', () => {
    const entry = deadLetterEntry(
      record(
        { source: '+8613800000001', 'receipt-id': 'Ms Li', 'dead-letter-code': 'call 138', 'dead-letter-at': 'x' },
        5,
      ),
    );
    expect(entry).toMatchObject({ code: 'UNKNOWN', stage: 'unknown', source: null, receiptId: null, at: new Date(5) });
  });

  it('can be stored, whatever the headers are', () => {
    const names = ['dead-letter-code', 'dead-letter-detail', 'dead-letter-at', 'dead-letter-element', 'source'];
    const headers = fc.dictionary(
      fc.constantFrom(...names),
      fc.oneof(fc.string({ unit: 'binary' }), fc.constant(null)),
    );
    fc.assert(
      fc.property(headers, fc.double(), (some, timestamp) => {
        const entry = deadLetterEntry(record(some, timestamp));
        expect(entry.detail).not.toContain('\0');
        expect(Number.isNaN(entry.at.getTime())).toBe(false);
        expect(entry.detail.isWellFormed()).toBe(true);
      }),
    );
  });
});
