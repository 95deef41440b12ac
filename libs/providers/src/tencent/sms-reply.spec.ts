import { describe, expect, it } from '@jest/globals';
import { CONTEXT, dataFrom, eventFrom } from '../../../../test/providers/read.js';
import { smsReply } from './sms-reply.js';

const REPLY = { extend: '12', mobile: '13800000000', nationcode: '86', sign: '示例', text: ' TD ', time: 1457336869 };

const id = (changes: object): string => eventFrom(smsReply, { ...REPLY, ...changes }).id;
const data = (changes: object): Record<string, unknown> => dataFrom(smsReply, { ...REPLY, ...changes });

describe('SmsReply', () => {
  it('is a reply without an id', () => {
    expect(data({})).toMatchObject({
      originId: null,
      sender: '+8613800000000',
      senderRaw: '13800000000',
      addressee: '12',
      content: { kind: 'text', text: ' TD ' },
      smsSignature: '示例',
      keyword: 'stop',
      occurredAt: '2016-03-07T07:47:49.000Z',
      occurredAtFrom: 'provider',
      extra: {},
    });
  });

  it('knows no extension where none is switched on', () => {
    expect(data({ extend: '' }).addressee).toBeNull();
  });

  it('is understood in its oldest form', () => {
    expect(data({ nationcode: undefined, sign: undefined, port: '106901333914' })).toMatchObject({
      sender: '+8613800000000',
      addressee: '106901333914',
      smsSignature: null,
    });
  });

  it('keeps a time that is none', () => {
    for (const time of ['2016-03-07', 2914876800]) {
      expect(data({ time })).toMatchObject({ occurredAtFrom: 'observed', extra: { time } });
    }
  });

  it('is the same fact when it comes again, also with its time as text', () => {
    expect(id({ time: '1457336869', sign: 'x', nationcode: '+86' })).toBe(id({}));
    expect(id({ time: '1457336869', nationcode: undefined })).toBe(id({}));
  });

  it.each([
    ['person', { mobile: '13800000001' }],
    ['extension', { extend: '13' }],
    ['text', { text: 'TD2' }],
    ['time', { time: 1457336870 }],
  ])('is another fact with another %s', (_what, change) => {
    expect(id(change)).not.toBe(id({}));
  });

  it.each([
    ['no mobile', { text: 'TD', time: 1 }, 'FIELD_MISSING'],
    ['no time', { mobile: '1', text: 'TD' }, 'FIELD_MISSING'],
    ['a delivery report', { mobile: '1', sid: 's', report_status: 'FAIL' }, 'RECEIPT_TYPE_MISMATCH'],
  ])('refuses %s', (_what, element, code) => {
    expect(smsReply.map(element, CONTEXT)).toMatchObject({ code });
  });
});
