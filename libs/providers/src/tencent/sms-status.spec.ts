import { describe, expect, it } from '@jest/globals';
import { CONTEXT, dataFrom, eventFrom, read } from '../../../../test/providers/read.js';
import { smsStatus } from './sms-status.js';

const REPORT = {
  user_receive_time: '2024-12-12 15:06:53',
  nationcode: '86',
  mobile: '13800000000',
  report_status: 'SUCCESS',
  errmsg: 'DELIVRD',
  description: 'ok',
  sid: '14:19325917feb3914eb78b50d6182d7e452e',
};

const id = (changes: object): string => eventFrom(smsStatus, { ...REPORT, ...changes }).id;
const key = (changes: object): string => eventFrom(smsStatus, { ...REPORT, ...changes }).subject;
const data = (changes: object): Record<string, unknown> => dataFrom(smsStatus, { ...REPORT, ...changes });

describe('an SmsStatus, line by line of the page tencent-sms-status-callback', () => {
  it('"A callback request may return the results of multiple SMS requests": 100 and more', () => {
    for (const length of [1, 100, 101]) {
      const body = JSON.stringify(Array.from({ length }, (_, index) => ({ ...REPORT, sid: `s${index}` })));
      expect(new Set(read(smsStatus, body).events.map((event) => event.subject)).size).toBe(length);
    }
  });

  it('user_receive_time: Beijing time, unless the account says otherwise', () => {
    expect(data({})).toMatchObject({ occurredAt: '2024-12-12T07:06:53.000Z', occurredAtFrom: 'provider' });
    const inBerlin = { ...CONTEXT, timeZone: 'Europe/Berlin' };
    expect(dataFrom(smsStatus, REPORT, inBerlin).occurredAt).toBe('2024-12-12T14:06:53.000Z');
  });

  it.each(['2026-07-10 11:01:35', '1999-12-31 23:59:59'])(
    'user_receive_time: %s cannot be true, so it happened when it was observed',
    (user_receive_time) => {
      expect(data({ user_receive_time })).toMatchObject({
        occurredAt: CONTEXT.observedAt,
        occurredAtFrom: 'observed',
        extra: { user_receive_time },
      });
    },
  );

  it('user_receive_time: empty or impossible, it happened when it was observed', () => {
    expect(data({ user_receive_time: '' })).toMatchObject({ occurredAtFrom: 'observed', extra: {} });
    expect(data({ user_receive_time: '2024-13-12 15:06:53' })).toMatchObject({
      occurredAt: CONTEXT.observedAt,
      extra: { user_receive_time: '2024-13-12 15:06:53' },
    });
  });

  it('nationcode and mobile: together one number', () => {
    expect(data({})).toMatchObject({ recipient: '+8613800000000', recipientRaw: '13800000000' });
    expect(data({ nationcode: 1, mobile: 2025550100 }).recipient).toBe('+12025550100');
    // A mask is no number; its country is kept.
    expect(data({ mobile: '138****0000' })).toMatchObject({
      recipient: null,
      recipientRaw: '138****0000',
      extra: { nationcode: '86' },
    });
  });

  it('report_status: decides, whatever errmsg says', () => {
    expect(data({ report_status: 'SUCCESS', errmsg: 'UNDELIV' }).status).toBe('delivered');
    expect(data({ report_status: 'FAIL', errmsg: 'DELIVRD' }).status).toBe('failed');
  });

  it('errmsg: the code, never a number', () => {
    expect(data({ report_status: 'FAIL', errmsg: '002' })).toMatchObject({ providerCode: '002', reason: 'handset' });
    expect(data({ report_status: 'FAIL', errmsg: -37 })).toMatchObject({ providerCode: '-37', reason: 'handset' });
    expect(data({ report_status: 'FAIL', errmsg: ' BWLIST _006 ' }).providerCode).toBe('BWLIST _006');
  });

  it('description and sid: as they come', () => {
    expect(data({})).toMatchObject({ providerDescription: 'ok', messageId: REPORT.sid });
  });
});

describe('what other pages add', () => {
  it.each([
    ['nothing', undefined, null, {}],
    ['text', 'order 42', 'order 42', {}],
    ['JSON text', '{"orderId":42}', '{"orderId":42}', {}],
    ['an object', { logId: 7 }, '{"logId":7}', { ext: { logId: 7 } }],
    ['null', null, null, {}],
  ])('ext: %s', (_what, ext, reference, extra) => {
    expect(data({ ext })).toMatchObject({ reference, extra });
  });

  it('ext: an object that is larger than any context is kept, but refers to nothing', () => {
    const ext = { much: 'x'.repeat(2_000) };
    expect(data({ ext })).toMatchObject({ reference: null, extra: { ext } });
  });

  it('sub_error, announced for international messages, and whatever else comes', () => {
    expect(data({ sub_error: 'X1', sub_error_desc: 'detail', later: [1] }).extra).toEqual({
      sub_error: 'X1',
      sub_error_desc: 'detail',
      later: [1],
    });
  });
});

describe('the identity of an SmsStatus', () => {
  it('is the same however the number is written', () => {
    for (const number of [{ nationcode: '+86' }, { mobile: '+8613800000000' }, { mobile: '8613800000000' }]) {
      expect(id(number)).toBe(id({}));
      expect(key(number)).toBe(key({}));
    }
  });

  it('is the same without what is not part of it', () => {
    expect(id({ user_receive_time: '', description: 'other', ext: 'x' })).toBe(id({}));
    expect(id({ report_status: 'success' })).toBe(id({}));
  });

  it.each([
    ['message', { sid: 's2' }],
    ['number', { mobile: '13800000001' }],
    ['country', { nationcode: '1' }],
    ['outcome', { report_status: 'FAIL' }],
    ['code', { errmsg: 'OTHER' }],
  ])('is another with another %s', (_what, change) => {
    expect(id(change)).not.toBe(id({}));
  });

  it('belongs to the message whatever its outcome', () => {
    expect(key({ report_status: 'FAIL', errmsg: 'EXPIRED' })).toBe(key({}));
  });
});

it.each([
  ['no sid', { mobile: '1', report_status: 'FAIL' }, 'FIELD_MISSING'],
  ['no mobile', { sid: 's' }, 'FIELD_MISSING'],
  ['a mobile that is an array', { sid: 's', mobile: [] }, 'FIELD_INVALID'],
  ['a reply', { mobile: '13800000000', text: 'TD', time: 1457336869 }, 'RECEIPT_TYPE_MISMATCH'],
  ['nothing', {}, 'RECEIPT_TYPE_MISMATCH'],
])('refuses %s', (_what, element, code) => {
  expect(smsStatus.map(element, CONTEXT)).toMatchObject({ code });
});
