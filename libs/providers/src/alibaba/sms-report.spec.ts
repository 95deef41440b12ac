import { describe, expect, it } from '@jest/globals';
import { dataFrom, eventFrom, CONTEXT } from '../../../../test/providers/read.js';
import { smsReport } from './sms-report.js';

const REPORT = {
  phone_number: '13800000001',
  send_time: '2026-07-09 11:01:20',
  report_time: '2026-07-09 11:01:33',
  success: true,
  err_code: 'DELIVERED',
  err_msg: 'ok',
  sms_size: '1',
  biz_id: '900000000000000001^0',
  out_id: 'ord-1',
};

const id = (changes: object): string => eventFrom(smsReport, { ...REPORT, ...changes }).id;
const key = (changes: object): string => eventFrom(smsReport, { ...REPORT, ...changes }).subject;

describe('SmsReport', () => {
  it('is the same fact however the recipient is written', () => {
    for (const phone_number of ['+8613800000001', '8613800000001', ' 13800000001 ', 13800000001]) {
      expect(id({ phone_number })).toBe(id({}));
      expect(key({ phone_number })).toBe(key({}));
    }
  });

  it('is the same fact without what is not part of its identity', () => {
    expect(id({ report_time: '2026-07-09 12:00:00', err_msg: 'x', out_id: undefined, sms_size: 1 })).toBe(id({}));
    expect(id({ success: 'true' })).toBe(id({}));
  });

  it.each([
    ['message', { biz_id: '900000000000000002^0' }],
    ['recipient', { phone_number: '13800000002' }],
    ['outcome', { success: false }],
    ['code', { err_code: 'DELIVRD' }],
  ])('is another fact with another %s', (_what, change) => {
    expect(id(change)).not.toBe(id({}));
  });

  it('belongs to the same message whatever its outcome', () => {
    expect(key({ success: false, err_code: 'EXPIRED' })).toBe(key({}));
    expect(key({ phone_number: '13800000002' })).not.toBe(key({}));
  });

  it('knows no reference where none was given', () => {
    expect(dataFrom(smsReport, { ...REPORT, out_id: '' }).reference).toBeNull();
    expect(dataFrom(smsReport, { ...REPORT, out_id: undefined }).reference).toBeNull();
  });

  it('happened when it was observed, if the provider gives no time that can be read', () => {
    expect(dataFrom(smsReport, { ...REPORT, report_time: '2026-02-30 00:00:00' })).toMatchObject({
      occurredAt: CONTEXT.observedAt,
      occurredAtFrom: 'observed',
      extra: { report_time: '2026-02-30 00:00:00' },
    });
    expect(dataFrom(smsReport, { ...REPORT, report_time: '' })).toMatchObject({
      occurredAtFrom: 'observed',
      extra: {},
    });
  });

  it('keeps in extra what it cannot read', () => {
    const odd = { ...REPORT, sms_size: '1,2,3', send_time: { at: 1 }, err_msg: ['a'], surprise: true };
    expect(dataFrom(smsReport, odd)).toMatchObject({
      segmentCount: null,
      sentAt: null,
      providerDescription: null,
      extra: { sms_size: '1,2,3', send_time: { at: 1 }, err_msg: ['a'], surprise: true },
    });
  });

  it('keeps an outcome that it does not understand word for word', () => {
    expect(dataFrom(smsReport, { ...REPORT, success: 'perhaps', err_code: 'NEW' })).toMatchObject({
      status: 'unknown',
      final: false,
      providerStatus: 'perhaps',
      providerCode: 'NEW',
    });
  });

  it.each([
    ['no biz_id', { ...REPORT, biz_id: undefined }, 'FIELD_MISSING', 'biz_id is empty|biz_id is absent'],
    ['an empty recipient', { ...REPORT, phone_number: ' ' }, 'FIELD_MISSING', 'phone_number is empty'],
    ['a biz_id that is an object', { ...REPORT, biz_id: { a: 1 } }, 'FIELD_INVALID', 'biz_id is of type object'],
    ['a recipient that is an array', { ...REPORT, phone_number: [] }, 'FIELD_INVALID', 'phone_number is an array'],
    ['a reply', { phone_number: '13800000001', content: 'TD', sequence_id: 1 }, 'RECEIPT_TYPE_MISMATCH', ''],
    [
      'a report of the 2019 form',
      { PhoneNumber: '13800000001', BizId: '1', SendStatus: '1' },
      'RECEIPT_TYPE_MISMATCH',
      '',
    ],
    ['nothing', {}, 'RECEIPT_TYPE_MISMATCH', ''],
  ])('refuses %s', (_what, element, code, detail) => {
    expect(smsReport.map(element, CONTEXT)).toEqual({ code, detail: expect.stringMatching(detail) });
  });
});
