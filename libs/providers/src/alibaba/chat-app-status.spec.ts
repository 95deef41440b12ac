import { describe, expect, it } from '@jest/globals';
import { CONTEXT, dataFrom, eventFrom } from '../../../../test/providers/read.js';
import { chatAppStatus } from './chat-app-status.js';

const SENDER = '8613100000008';

const REPORT = {
  MessageId: '20260709110120000001',
  From: SENDER,
  To: '8613800000001',
  Timestamp: 1783566093000,
  Status: 'Delivered',
  MsgFrameType: 'message',
};

const data = (changes: object, context = CONTEXT): Record<string, unknown> =>
  dataFrom(chatAppStatus, { ...REPORT, ...changes }, context);
const id = (changes: object, context = CONTEXT): string =>
  eventFrom(chatAppStatus, { ...REPORT, ...changes }, context).id;

describe('ChatAppStatus', () => {
  it.each([
    ['Sent', 'sent', false],
    ['Delivered', 'delivered', true],
    ['Read', 'read', true],
    ['Failed', 'failed', true],
    ['Deleted', 'deleted', true],
    ['READ', 'read', true],
    ['constructor', 'unknown', false],
  ])('reads %s', (Status, status, final) => {
    expect(data({ Status })).toMatchObject({ status, final, providerStatus: Status });
  });

  it('is one fact per message and status, whatever else a copy says', () => {
    const copy = { Timestamp: '1783566094000', To: '+8613800000001', StatusDescription: 'x', Status: 'delivered' };
    expect(id(copy)).toBe(id({}));
    expect(id({ Status: 'Read' })).not.toBe(id({}));
    expect(id({ MessageId: '20260709110120000002' })).not.toBe(id({}));
  });

  it('belongs to its message alone', () => {
    const { subject } = eventFrom(chatAppStatus, REPORT);
    const other = { ...REPORT, Status: 'Read', To: undefined, From: 'viber-service-1' };
    expect(eventFrom(chatAppStatus, other).subject).toBe(subject);
  });

  it('says when it was handed over only where that is what happened', () => {
    expect(data({ Status: 'Sent' }).sentAt).toBe('2026-07-09T03:01:33.000Z');
    expect(data({}).sentAt).toBeNull();
  });

  it.each([
    ['text', '1783566093000', '2026-07-09T03:01:33.000Z', 'provider', {}],
    ['seconds', 1783566093, CONTEXT.observedAt, 'observed', { Timestamp: 1783566093 }],
    ['in another century', 2914876800000, CONTEXT.observedAt, 'observed', { Timestamp: 2914876800000 }],
    ['absent', undefined, CONTEXT.observedAt, 'observed', {}],
  ])('takes a Timestamp that is %s', (_what, Timestamp, occurredAt, occurredAtFrom, left) => {
    expect(data({ Timestamp })).toMatchObject({ occurredAt, occurredAtFrom, extra: left });
  });

  it('reads a Timestamp whose key has a space behind it', () => {
    const { Timestamp, ...rest } = REPORT;
    expect(dataFrom(chatAppStatus, { ...rest, 'Timestamp ': Timestamp })).toEqual(data({}));
  });

  it('keeps the expiry of a conversation in either spelling', () => {
    const expiry = { ConversionExpirationTime: 1783652493000, ConversationExpirationTime: 1783652493000 };
    expect(data(expiry).extra).toEqual({ MsgFrameType: 'message', ...expiry });
  });

  it.each([
    ['the caller gave one', { TaskId: 'task-1' }, 'task-1'],
    ['a number came', { TaskId: 7 }, '7'],
    ['none came', {}, null],
  ])('takes TaskId as the reference: %s', (_what, change, reference) => {
    expect(data(change).reference).toBe(reference);
  });
});

describe('a ChatAppStatus of a failure', () => {
  const failure = (changes: object): Record<string, unknown> => data({ Status: 'Failed', ...changes });
  const text = 'Receiver is incapable of receiving this message';

  it.each([
    ['in two fields', { ErrorCode: '131026', ErrorDescription: `131026:${text}` }, '131026', text, 'number'],
    ['as a number', { ErrorCode: 131026 }, '131026', null, 'number'],
    ['in the oldest spelling', { Error: '131026' }, '131026', null, 'number'],
    ['with its text in the oldest spelling', { Error: `131026:${text}` }, `131026:${text}`, null, 'number'],
    ['in the description alone', { ErrorDescription: `131026: ${text}` }, '131026', text, 'number'],
    ['without code', { ErrorDescription: text }, null, text, 'unknown'],
    ['with another code in the text', { ErrorCode: '1', ErrorDescription: '2:b' }, '1', '2:b', 'unknown'],
    ['with a code nobody knows', { ErrorCode: '470', ErrorDescription: '470:late' }, '470', 'late', 'unknown'],
    ['with a code that every object has', { ErrorCode: 'constructor' }, 'constructor', null, 'unknown'],
    ['without a word', {}, null, null, 'unknown'],
    ['in the status text alone', { StatusDescription: 'gone' }, null, 'gone', 'unknown'],
  ])('reads its cause %s', (_what, change, providerCode, providerDescription, reason) => {
    const { extra, ...rest } = failure(change);
    expect(rest).toMatchObject({ providerCode, providerDescription, reason, retry: 'unknown' });
    expect(extra).toEqual({ MsgFrameType: 'message' });
  });

  it('does not say who refused it where nobody says', () => {
    expect(failure({ ErrorCode: '131026' }).reportedBy).toBe('carrier');
    expect(failure({ ErrorCode: '470' }).reportedBy).toBeNull();
  });

  it('keeps what contradicts', () => {
    const change = { ErrorCode: '1', Error: '2', ErrorDescription: '1:a', StatusDescription: 'b' };
    expect(failure(change)).toMatchObject({
      providerCode: '1',
      providerDescription: 'a',
      extra: { Error: '2', StatusDescription: 'b' },
    });
  });

  it('gives a code no say over a message that arrived', () => {
    expect(data({ ErrorCode: '131026' })).toMatchObject({ status: 'delivered', reason: null, providerCode: '131026' });
  });
});

describe('the person of a ChatAppStatus', () => {
  it.each([
    ['a number', { To: '8613800000001' }, '8613800000001', '+8613800000001', null],
    ['a number with a plus', { To: '+8613800000001' }, '+8613800000001', '+8613800000001', null],
    ['a user id alone', { To: undefined, FromUserId: 'CN.1' }, null, null, 'CN.1'],
    ['a user id in the other spelling', { To: '', UserId: 'CN.1' }, null, null, 'CN.1'],
    ['both', { FromUserId: 'CN.1' }, '8613800000001', '+8613800000001', 'CN.1'],
    ['a user id in place of the number', { To: 'CN.1' }, 'CN.1', null, 'CN.1'],
    [
      'an id of Messenger that could be a number',
      { From: '100000000000101', To: '8613800000001' },
      '8613800000001',
      null,
      '8613800000001',
    ],
    ['nobody', { To: undefined }, null, null, null],
  ])('is known by %s', (_what, change, recipientRaw, recipient, recipientUserId) => {
    expect(data(change)).toMatchObject({
      recipient,
      recipientUserId,
      recipientRaw,
    });
  });

  it('keeps a second user id that is another', () => {
    expect(data({ FromUserId: 'CN.1', UserId: 'CN.2' })).toMatchObject({
      recipientUserId: 'CN.1',
      extra: { UserId: 'CN.2' },
    });
    expect(data({ FromUserId: 'CN.1', UserId: 'CN.1' }).extra).toEqual({ MsgFrameType: 'message' });
  });
});

describe('the channel of a ChatAppStatus', () => {
  const silent = { ...CONTEXT, channel: null };

  it.each([SENDER, `+${SENDER}`, Number(SENDER)])('is that of its listed sender %j, and so are the labels', (From) => {
    expect(data({ From }, silent)).toMatchObject({ channel: 'whatsapp', labels: { unit: 'retail', brand: 'north' } });
  });

  it('is found for a sender who is listed with a plus', () => {
    const senders = new Map([[`+${SENDER}`, { channel: 'viber' as const, labels: { unit: 'own' } }]]);
    expect(data({}, { ...silent, senders })).toMatchObject({ channel: 'viber', labels: { unit: 'own' } });
  });

  it('of the sender beats that of the source', () => {
    expect(data({ From: 'viber-service-1' }).channel).toBe('viber');
  });

  it('is that of the source for a sender who is not listed, or listed with labels only', () => {
    expect(data({ From: 'another' })).toMatchObject({ channel: 'whatsapp', labels: { unit: 'retail' } });
    const senders = new Map([[SENDER, { channel: null, labels: { brand: 'south' } }]]);
    expect(data({}, { ...CONTEXT, senders })).toMatchObject({ channel: 'whatsapp', labels: { brand: 'south' } });
  });

  it.each([
    ['not listed', { From: '8613100000009' }],
    ['absent', { From: undefined }],
  ])('is missing where neither says it: the sender is %s', (_what, change) => {
    expect(chatAppStatus.map({ ...REPORT, ...change }, silent)).toEqual({
      code: 'FIELD_MISSING',
      detail: 'channel: neither the source nor a listed sender (From) says it',
    });
  });
});

describe('a subscription to a Viber service', () => {
  const consent = { ...REPORT, From: 'viber-service-1', Status: 'unsubscribe' };

  it('is an account notice about the person, not the status of a message', () => {
    expect(eventFrom(chatAppStatus, consent)).toMatchObject({
      type: 'io.quittance.account.status-reported.v1',
      data: {
        channel: 'viber',
        subject: { kind: 'person', id: '+8613800000001' },
        aspect: 'subscription',
        value: 'unsubscribe',
        extra: { From: 'viber-service-1', To: '8613800000001', MessageId: REPORT.MessageId },
      },
    });
  });

  it('and its end are one aggregate, in whatever case and form they come', () => {
    const { subject } = eventFrom(chatAppStatus, consent);
    const start = { ...consent, Status: 'Subscribe', MessageId: '2', To: '+8613800000001' };
    expect(eventFrom(chatAppStatus, start)).toMatchObject({ subject, data: { value: 'subscribe' } });
  });

  it('says nothing about another service or another person', () => {
    const subjects = [{}, { From: 'viber-service-2' }, { To: '8613800000002' }].map(
      (change) => eventFrom(chatAppStatus, { ...consent, ...change }, { ...CONTEXT, channel: 'viber' }).subject,
    );
    expect(new Set(subjects).size).toBe(3);
  });

  it('without MessageId is told from the next one by its time', () => {
    const { MessageId: _, ...bare } = consent;
    const event = eventFrom(chatAppStatus, bare);
    expect(eventFrom(chatAppStatus, bare, { ...CONTEXT, observedAt: CONTEXT.receivedAt }).id).toBe(event.id);
    expect(eventFrom(chatAppStatus, { ...bare, Timestamp: 1783566094000 }).id).not.toBe(event.id);
  });

  it('without a person is a dead letter', () => {
    expect(chatAppStatus.map({ ...consent, To: '' }, CONTEXT)).toEqual({
      code: 'FIELD_MISSING',
      detail: 'To is empty',
    });
  });
});

it.each([
  ['no MessageId', { ...REPORT, MessageId: undefined }, 'FIELD_MISSING', 'MessageId is absent'],
  ['no Status', { ...REPORT, Status: '' }, 'FIELD_MISSING', 'Status is empty'],
  ['a Status that is an array', { ...REPORT, Status: ['Read'] }, 'FIELD_INVALID', 'Status is an array'],
  [
    'an inbound message',
    { MessageId: '1', Message: 'hi', Type: 'TEXT' },
    'RECEIPT_TYPE_MISMATCH',
    'the element is a ChatAppInbound',
  ],
  [
    'an audit',
    { WabaId: '1', Type: 'wabaReviewUpdate', Status: 'x' },
    'RECEIPT_TYPE_MISMATCH',
    'the element is a ChatAppAudit',
  ],
  [
    'a delivery report of SMS',
    { phone_number: '1', biz_id: '1' },
    'RECEIPT_TYPE_MISMATCH',
    'no key of a ChatAppStatus',
  ],
])('ChatAppStatus refuses %s', (_what, element, code, detail) => {
  expect(chatAppStatus.map(element, CONTEXT)).toEqual({ code, detail });
});
