import { describe, expect, it } from '@jest/globals';
import { CONTEXT, dataFrom, eventFrom } from '../../../../test/providers/read.js';
import { chatAppAudit } from './chat-app-audit.js';

const TEMPLATE = { WabaId: '100000000000001', TemplateCode: '82', Language: 'en', AuditStatus: 'pass', Reason: '' };
const NOTICE = { WabaId: '100000000000001', PhoneNumber: '8613100000008', TemplateCode: '82', Status: 'X' };

describe('a ChatAppAudit of a template', () => {
  it.each([
    ['pass', 'approved'],
    ['fail', 'rejected'],
    ['auditing', 'pending'],
    ['Audit', 'pending'],
    ['unaudit', 'pending'],
    ['disabled', 'disabled'],
    ['paused', 'paused'],
    ['constructor', 'unknown'],
  ])('reads %s as %s', (AuditStatus, status) => {
    expect(dataFrom(chatAppAudit, { ...TEMPLATE, AuditStatus })).toMatchObject({ status, providerStatus: AuditStatus });
  });

  it('is the same in both versions', () => {
    expect(dataFrom(chatAppAudit, { ...TEMPLATE, Type: 'template' })).toEqual(dataFrom(chatAppAudit, TEMPLATE));
  });

  it('belongs to the template in its language', () => {
    const subject = (change: object): string => eventFrom(chatAppAudit, { ...TEMPLATE, ...change }).subject;
    expect(subject({ AuditStatus: 'fail', Reason: 'x', WabaId: '2' })).toBe(subject({}));
    expect(new Set([{}, { Language: 'zh_CN' }, { Language: '' }, { TemplateCode: '83' }].map(subject)).size).toBe(4);
  });

  it('gives a reason only where there is one', () => {
    expect(dataFrom(chatAppAudit, TEMPLATE).reason).toBeNull();
    expect(dataFrom(chatAppAudit, { ...TEMPLATE, Reason: 'INVALID_FORMAT' }).reason).toBe('INVALID_FORMAT');
  });

  it('takes Status where AuditStatus is missing, and keeps it where it is not', () => {
    expect(dataFrom(chatAppAudit, { ...TEMPLATE, AuditStatus: undefined, Status: 'paused' }).status).toBe('paused');
    expect(dataFrom(chatAppAudit, { ...TEMPLATE, Status: 'paused' })).toMatchObject({
      status: 'approved',
      extra: { Status: 'paused' },
    });
  });
});

describe('a ChatAppAudit of another kind', () => {
  it.each([
    ['phoneNameUpdate', 'phone-number', '+8613100000008', 'display-name'],
    ['phoneQualityUpdate', 'phone-number', '+8613100000008', 'quality'],
    ['wabaReviewUpdate', 'business-account', '100000000000001', 'review'],
    ['wabaAccountUpdate', 'business-account', '100000000000001', 'restriction'],
    ['templateCategoryUpdate', 'template', '82', 'category'],
    ['templateQualityUpdate', 'template', '82', 'quality'],
    ['TEMPLATEQUALITYUPDATE', 'template', '82', 'quality'],
  ])('%s is an account notice', (Type, kind, id, aspect) => {
    const event = eventFrom(chatAppAudit, { ...NOTICE, Type, CurrentLimit: 'TIER_1K', Reason: 'r' });
    expect(event).toMatchObject({
      type: 'io.quittance.account.status-reported.v1',
      data: { subject: { kind, id }, aspect, value: 'X', limit: 'TIER_1K', reason: 'r', occurredAtFrom: 'observed' },
    });
  });

  it('is about one aspect of one subject', () => {
    const subject = (change: object): string => eventFrom(chatAppAudit, { ...NOTICE, ...change }).subject;
    const quality = { Type: 'phoneQualityUpdate' };
    expect(subject({ ...quality, PhoneNumber: '+8613100000008', Status: 'Y' })).toBe(subject(quality));
    const others = [
      quality,
      { Type: 'phoneNameUpdate' },
      { ...quality, PhoneNumber: '8613100000009' },
      { Type: 'templateQualityUpdate' },
      { Type: 'templateQualityUpdate', Language: 'en' },
    ];
    expect(new Set(others.map(subject)).size).toBe(others.length);
  });

  it('takes AuditStatus where Status is missing', () => {
    const element = { ...NOTICE, Type: 'wabaReviewUpdate', Status: undefined, AuditStatus: 'pass' };
    expect(dataFrom(chatAppAudit, element).value).toBe('pass');
  });

  it('keeps every field that is not in the event', () => {
    const element = { ...NOTICE, Type: 'wabaAccountUpdate', Language: 'en', AuditStatus: 'pass', Note: { a: 1 } };
    expect(dataFrom(chatAppAudit, element).extra).toEqual({
      PhoneNumber: '8613100000008',
      TemplateCode: '82',
      Language: 'en',
      AuditStatus: 'pass',
      Note: { a: 1 },
    });
  });
});

describe('the identity of a ChatAppAudit, which has neither time nor id', () => {
  const id = (element: object, observedAt = CONTEXT.observedAt): string =>
    eventFrom(chatAppAudit, element, { ...CONTEXT, observedAt }).id;

  it('is its content, in whatever order, and when it was observed', () => {
    const reversed = Object.fromEntries(Object.entries(TEMPLATE).reverse());
    expect(id(reversed)).toBe(id(TEMPLATE));
    const { WabaId, ...rest } = TEMPLATE;
    expect(id({ 'WabaId ': WabaId, ...rest })).toBe(id(TEMPLATE));
    expect(id(TEMPLATE, CONTEXT.receivedAt)).not.toBe(id(TEMPLATE));
    expect(id({ ...TEMPLATE, Note: 1 })).not.toBe(id(TEMPLATE));
  });
});

describe('the channel of a ChatAppAudit', () => {
  const silent = { ...CONTEXT, channel: null };

  it('is that of the number, else that of the WABA where it is listed, else that of the source', () => {
    const senders = new Map([...CONTEXT.senders, [TEMPLATE.WabaId, { channel: 'viber' as const, labels: {} }]]);
    const channel = (element: object, context = CONTEXT): unknown => dataFrom(chatAppAudit, element, context).channel;
    expect(channel({ ...NOTICE, Type: 'phoneNameUpdate' }, { ...silent, senders })).toBe('whatsapp');
    expect(channel(TEMPLATE, { ...silent, senders })).toBe('viber');
    expect(channel(TEMPLATE)).toBe('whatsapp');
  });

  it('is missing where nobody says it', () => {
    expect(chatAppAudit.map(TEMPLATE, silent)).toEqual({
      code: 'FIELD_MISSING',
      detail: 'channel: neither the source nor a listed sender (PhoneNumber, WabaId) says it',
    });
  });
});

it.each([
  ['a template without code', { ...TEMPLATE, TemplateCode: '' }, 'FIELD_MISSING', 'TemplateCode is empty'],
  ['a template without status', { ...TEMPLATE, AuditStatus: undefined }, 'FIELD_MISSING', 'AuditStatus is absent'],
  [
    'a number without number',
    { ...NOTICE, Type: 'phoneNameUpdate', PhoneNumber: undefined },
    'FIELD_MISSING',
    'PhoneNumber is absent',
  ],
  ['a notice without status', { ...NOTICE, Type: 'phoneNameUpdate', Status: null }, 'FIELD_MISSING', 'Status is empty'],
  ['a kind that nobody knows', { ...NOTICE, Type: 'phoneColourUpdate' }, 'FIELD_INVALID', 'Type is none that is known'],
  [
    'a status',
    { MessageId: '1', Status: 'Read', From: '1' },
    'RECEIPT_TYPE_MISMATCH',
    'the element is a ChatAppStatus',
  ],
  [
    'an inbound message',
    { MessageId: '1', WabaId: '1', Message: 'x' },
    'RECEIPT_TYPE_MISMATCH',
    'the element is a ChatAppInbound',
  ],
  [
    'a review of SMS',
    { template_code: '1', template_status: 'approved' },
    'RECEIPT_TYPE_MISMATCH',
    'no key of a ChatAppAudit',
  ],
])('ChatAppAudit refuses %s', (_what, element, code, detail) => {
  expect(chatAppAudit.map(element, CONTEXT)).toEqual({ code, detail });
});
