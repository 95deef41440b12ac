import { describe, expect, it } from '@jest/globals';
import { CONTEXT, dataOf, eventFrom, read } from '../../../../test/providers/read.js';
import { uplinkSms } from './uplink-sms.js';

const FORM = 'from=%2B8615512345172&to=201804131431201234&body=TD&smsMsgId=9692b5be-c427-4525-8e73-cf4a6ac5b3f7';
const MESSAGE = Object.fromEntries(new URLSearchParams(FORM));

function first(body: string): Record<string, unknown> {
  const [event] = read(uplinkSms, body).events;
  if (event === undefined) throw new Error('no event');
  return dataOf(event);
}

describe('UplinkSms', () => {
  it('is a reply from mainland China', () => {
    expect(first(FORM)).toMatchObject({
      originId: '9692b5be-c427-4525-8e73-cf4a6ac5b3f7',
      sender: '+8615512345172',
      senderRaw: '+8615512345172',
      addressee: '201804131431201234',
      content: { kind: 'text', text: 'TD' },
      keyword: 'stop',
      smsSignature: null,
      occurredAt: CONTEXT.observedAt,
      occurredAtFrom: 'observed',
      extra: {},
    });
  });

  it('happened at createTime, where the application sends it', () => {
    expect(first(`${FORM}&createTime=2024-12-12T07%3A06%3A53Z`)).toMatchObject({
      occurredAt: '2024-12-12T07:06:53.000Z',
      occurredAtFrom: 'provider',
    });
    expect(first(`${FORM}&createTime=yesterday`)).toMatchObject({
      occurredAtFrom: 'observed',
      extra: { createTime: 'yesterday' },
    });
  });

  it('is UTF-8: text in another character set is a dead letter, not garbled', () => {
    expect(first(FORM.replace('TD', '%E8%B0%A2%E8%B0%A2+100%25'))).toMatchObject({ content: { text: '谢谢 100%' } });
    expect(read(uplinkSms, FORM.replace('TD', '%D0%BB%D0%BB%C4'))).toMatchObject({
      events: [],
      deadLetters: [{ code: 'BODY_NOT_UTF8', element: null }],
    });
  });

  it('may carry the plus of the number bare', () => {
    expect(first(FORM.replace('%2B', '+'))).toMatchObject({ sender: '+8615512345172', senderRaw: '+8615512345172' });
  });

  it('keeps outer spaces of the text', () => {
    expect(first(FORM.replace('TD', '+td+'))).toMatchObject({ content: { text: ' td ' }, keyword: 'stop' });
  });

  it('is told from others by its id alone', () => {
    const id = (changes: object): string => eventFrom(uplinkSms, { ...MESSAGE, ...changes }).id;
    expect(id({ body: 'other', createTime: '2024-12-12T07:06:53Z' })).toBe(id({}));
    expect(id({ smsMsgId: 'other' })).not.toBe(id({}));
  });

  it.each([
    ['no smsMsgId', { from: '1', body: 'a' }, 'FIELD_MISSING'],
    ['no from', { smsMsgId: '1', body: 'a' }, 'FIELD_MISSING'],
    ['a delivery report', { smsMsgId: '1', status: 'DELIVRD', to: '1' }, 'RECEIPT_TYPE_MISMATCH'],
  ])('refuses %s', (_what, element, code) => {
    expect(uplinkSms.map(element, CONTEXT)).toMatchObject({ code });
  });
});
