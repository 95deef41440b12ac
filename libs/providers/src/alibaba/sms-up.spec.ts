import { describe, expect, it } from '@jest/globals';
import { parseJson } from '#contracts';
import { CONTEXT, dataFrom, eventFrom } from '../../../../test/providers/read.js';
import { smsUp } from './sms-up.js';

const REPLY = {
  phone_number: '13800000001',
  content: 'TD',
  send_time: '2026-07-09 11:05:02',
  dest_code: '2493559',
  sequence_id: '1234567890',
};

const id = (changes: object): string => eventFrom(smsUp, { ...REPLY, ...changes }).id;

describe('SmsUp', () => {
  it.each(['1234567890', '1.23456789E9', '1234567890.0', '"1234567890"', '"1.23456789E9"', '"1234567890.0"'])(
    'is the same fact with the sequence_id written %s',
    (json) => {
      expect(id({ sequence_id: parseJson(json) })).toBe(id({}));
    },
  );

  it.each([
    ['sequence_id', { sequence_id: '1234567891' }],
    ['sender', { phone_number: '13800000002' }],
    ['time', { send_time: '2026-07-09 11:05:03' }],
  ])('is another fact with another %s', (_what, change) => {
    expect(id(change)).not.toBe(id({}));
  });

  it('belongs to its sender, whatever was sent', () => {
    const { subject } = eventFrom(smsUp, REPLY);
    const other = eventFrom(smsUp, { ...REPLY, phone_number: '+8613800000001', sequence_id: 2, content: 'hello' });
    expect(other.subject).toBe(subject);
  });

  it.each([
    ['【示例】', '示例'],
    ['示例', '示例'],
    [' 【 示例 】 ', '示例'],
    ['【】', null],
    [undefined, null],
  ])('reads the sender name %j', (sign_name, expected) => {
    expect(dataFrom(smsUp, { ...REPLY, sign_name }).smsSignature).toBe(expected);
  });

  it('keeps the text as it was written and still sees the keyword', () => {
    expect(dataFrom(smsUp, { ...REPLY, content: ' td\n' })).toMatchObject({
      content: { kind: 'text', text: ' td\n' },
      keyword: 'stop',
    });
  });

  it.each([
    ['empty', '', { kind: 'text', text: '' }],
    ['absent', undefined, { kind: 'unknown', text: null }],
    ['a number', 5279, { kind: 'text', text: '5279' }],
  ])('takes a content that is %s', (_what, content, expected) => {
    expect(dataFrom(smsUp, { ...REPLY, content })).toMatchObject({ content: expected, keyword: null });
  });

  it('keeps a content of another shape in extra', () => {
    expect(dataFrom(smsUp, { ...REPLY, content: { text: 'hi' } })).toMatchObject({
      content: { kind: 'unknown', text: null },
      extra: { content: { text: 'hi' } },
    });
  });

  it.each([
    ['no sequence_id', { ...REPLY, sequence_id: null }, 'FIELD_MISSING'],
    ['no sender', { ...REPLY, phone_number: undefined }, 'FIELD_MISSING'],
    ['a sequence_id that is an array', { ...REPLY, sequence_id: [1] }, 'FIELD_INVALID'],
    ['a delivery report', { phone_number: '1', success: true, biz_id: '1' }, 'RECEIPT_TYPE_MISMATCH'],
  ])('refuses %s', (_what, element, code) => {
    expect(smsUp.map(element, CONTEXT)).toMatchObject({ code });
  });
});
