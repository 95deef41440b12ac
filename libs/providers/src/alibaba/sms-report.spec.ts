import { describe, expect, it } from '@jest/globals';
import { CONTEXT, dataFrom, eventFrom, read } from '../../../../test/providers/read.js';
import { globeSmsReport, smsReport } from './sms-report.js';

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

describe('SmsReport of the mainland', () => {
  it('is the same fact however the recipient is written', () => {
    for (const phone_number of ['+8613800000001', '8613800000001', '008613800000001', ' 13800000001 ', 13800000001]) {
      expect(id({ phone_number })).toBe(id({}));
      expect(key({ phone_number })).toBe(key({}));
    }
  });

  it('is the same fact without what is not part of its identity', () => {
    expect(id({ report_time: '2026-07-09 12:00:00', err_msg: 'x', out_id: undefined, sms_size: 1 })).toBe(id({}));
  });

  it('is the same fact however its outcome and code are spelled', () => {
    for (const success of ['true', 'TRUE', ' True ', 1, '1']) expect(id({ success })).toBe(id({}));
    for (const success of ['false', 'FALSE', 0, '0']) expect(id({ success })).toBe(id({ success: false }));
    for (const err_code of ['delivered', 'Delivered ']) expect(id({ err_code })).toBe(id({}));
    expect(dataFrom(smsReport, { ...REPORT, success: 'TRUE', err_code: 'delivered' })).toMatchObject({
      providerStatus: 'TRUE',
      providerCode: 'delivered',
    });
  });

  it('does not take a number in North America for one here', () => {
    expect(key({ phone_number: '+13800000001' })).not.toBe(key({}));
    expect(id({ phone_number: '+13800000001' })).not.toBe(id({}));
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

  it.each([
    ['more than a day ahead', '2026-07-10 11:01:35'],
    ['decades ahead', '2062-07-09 11:01:33'],
    ['before 2000', '1999-12-31 23:59:59'],
  ])('happened when it was observed, if the time cannot be true: %s', (_what, time) => {
    expect(dataFrom(smsReport, { ...REPORT, send_time: time, report_time: time })).toMatchObject({
      sentAt: null,
      occurredAt: CONTEXT.observedAt,
      occurredAtFrom: 'observed',
      extra: { send_time: time, report_time: time },
    });
    expect(id({ send_time: time, report_time: time })).toBe(id({}));
  });

  it('may be some hours ahead of us, as in a wrong zone', () => {
    expect(dataFrom(smsReport, { ...REPORT, report_time: '2026-07-10 11:01:34' })).toMatchObject({
      occurredAt: '2026-07-10T03:01:34.000Z',
      occurredAtFrom: 'provider',
      extra: {},
    });
  });

  it('keeps in extra what it cannot read', () => {
    const odd = { ...REPORT, sms_size: '1,3', send_time: { at: 1 }, err_msg: ['a'], surprise: true };
    expect(dataFrom(smsReport, odd)).toMatchObject({
      segmentCount: null,
      sentAt: null,
      providerDescription: null,
      extra: { sms_size: '1,3', send_time: { at: 1 }, err_msg: ['a'], surprise: true },
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
    ['a signature review', { sign_name: 'x', sign_status: 'approved' }, 'RECEIPT_TYPE_MISMATCH', ''],
    ['a card', { mobile: '13800000001', outId: 1, render_status: 0 }, 'RECEIPT_TYPE_MISMATCH', ''],
    [
      'a report of a chat app',
      { MessageId: '1', From: '8613100000008', To: '8613800000001', Timestamp: 1783566093000, Status: 'Delivered' },
      'RECEIPT_TYPE_MISMATCH',
      '',
    ],
    ['nothing', {}, 'RECEIPT_TYPE_MISMATCH', ''],
  ])('refuses %s', (_what, element, code, detail) => {
    expect(smsReport.map(element, CONTEXT)).toEqual({ code, detail: expect.stringMatching(detail) });
  });
});

const GENERATIONS = [
  [
    'mainland',
    {
      biz_id: '1^0',
      phone_number: '13800000001',
      success: true,
      err_code: 'DELIVERED',
      report_time: '2026-07-09 11:01:33',
    },
  ],
  [
    '2019',
    {
      BizId: '1^0',
      PhoneNumber: '13800000001',
      SendStatus: '1',
      ErrorCode: 'DELIVERED',
      ReceiveDate: '2026-07-09 11:01:33',
    },
  ],
  [
    'international',
    {
      MessageId: '900000000001',
      To: '6580000001',
      Status: '1',
      ErrorCode: 'success',
      ReceiveDate: 'Thu, 09 Jul 2026 11:01:33 +0800',
    },
  ],
  [
    'Globe',
    {
      message_id: '900000000003',
      to: '85260000001',
      status: '1',
      error_code: 'DELIVERED',
      receive_date: '2026-07-09 11:01:33',
    },
  ],
] as const;

describe.each(GENERATIONS)('a delivery report of the %s generation', (_generation, report) => {
  const [idKey, recipientKey] = Object.keys(report) as [string, string];

  it('is known by its keys at sources of either name', () => {
    const events = [smsReport, globeSmsReport].map((type) => eventFrom(type, report));
    expect(events[0]).toEqual(events[1]);
    expect(dataFrom(smsReport, report)).toMatchObject({
      messageId: Object.values<unknown>(report)[0],
      status: 'delivered',
      final: true,
      occurredAt: '2026-07-09T03:01:33.000Z',
      occurredAtFrom: 'provider',
      extra: {},
    });
  });

  it('is known without its recipient and without its id, to say what is missing', () => {
    for (const key of [idKey, recipientKey]) {
      const element = { ...report, [key]: undefined };
      expect(smsReport.map(element, CONTEXT)).toEqual({ code: 'FIELD_MISSING', detail: `${key} is absent` });
    }
  });

  it('is known when its keys have spaces around them', () => {
    const spaced = Object.fromEntries(Object.entries(report).map(([key, value]) => [` ${key} `, value]));
    expect(eventFrom(smsReport, spaced)).toEqual(eventFrom(smsReport, report));
  });

  it('may be part of a batch with all the others', () => {
    const all = GENERATIONS.map(([, element]) => element);
    const { events, deadLetters } = read(smsReport, JSON.stringify([...all, report]));
    expect(deadLetters).toEqual([]);
    expect(new Set(events.map(({ id }) => id)).size).toBe(all.length);
    expect(events.at(-1)).toEqual(eventFrom(smsReport, report));
  });
});

it('a mainland report with a message_id beside its biz_id is a mainland report', () => {
  const report = { ...REPORT, message_id: '1', request_id: '2', template_code: 'SMS_100000001' };
  expect(eventFrom(smsReport, report).id).toBe(id({}));
  expect(dataFrom(smsReport, report).extra).toEqual({
    message_id: '1',
    request_id: '2',
    template_code: 'SMS_100000001',
  });
});
