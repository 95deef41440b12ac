import { describe, expect, it } from '@jest/globals';
import { CONTEXT, dataFrom, eventFrom } from '../../../../test/providers/read.js';
import { mnsCardVender } from './mns-card-vender.js';

const CARD = { mobile: '13800000001', outId: '1001', render_status: '0', desc: '解析成功' };

const event = (changes: object): { id: string; subject: string } => eventFrom(mnsCardVender, { ...CARD, ...changes });

describe('MnsCardVender', () => {
  it('says that a card was rendered on a handset, and no more', () => {
    expect(dataFrom(mnsCardVender, CARD)).toMatchObject({
      channel: 'card-sms',
      messageId: null,
      recipient: '+8613800000001',
      recipientRaw: '13800000001',
      status: 'rendered',
      final: true,
      reason: null,
      retry: null,
      reportedBy: 'provider',
      providerStatus: '0',
      providerCode: null,
      providerDescription: '解析成功',
      reference: '1001',
      sentAt: null,
      occurredAt: CONTEXT.observedAt,
      occurredAtFrom: 'observed',
      extra: {},
    });
  });

  it('is the same fact with ids and states as text or as numbers, and however the handset is written', () => {
    for (const change of [{ outId: 1001 }, { outId: 1.001e3 }, { render_status: 0 }, { mobile: '+8613800000001' }]) {
      expect(event(change).id).toBe(event({}).id);
      expect(event(change).subject).toBe(event({}).subject);
    }
  });

  it.each([{ outId: '1002' }, { mobile: '13800000002' }])('belongs to another message with %j', (change) => {
    expect(event(change).subject).not.toBe(event({}).subject);
    expect(event(change).id).not.toBe(event({}).id);
  });

  it.each([1, 3, '1', null, undefined, {}])('does not guess what render_status %j means', (render_status) => {
    expect(dataFrom(mnsCardVender, { ...CARD, render_status })).toMatchObject({
      status: 'unknown',
      final: false,
      reason: 'unknown',
      retry: 'unknown',
    });
    expect(event({ render_status }).subject).toBe(event({}).subject);
    expect(event({ render_status }).id).not.toBe(event({}).id);
  });

  it.each([
    ['no outId', { ...CARD, outId: undefined }, 'FIELD_MISSING', 'outId is absent'],
    ['an outId that is an object', { ...CARD, outId: {} }, 'FIELD_INVALID', 'outId is of type object'],
    ['no handset', { ...CARD, mobile: '' }, 'FIELD_MISSING', 'mobile is empty'],
    ['a delivery report', { phone_number: '1', biz_id: '1', success: true }, 'RECEIPT_TYPE_MISMATCH', ''],
    ['a card template', { template_code: 'C', approval_status: 1 }, 'RECEIPT_TYPE_MISMATCH', ''],
  ])('refuses %s', (_what, element, code, detail) => {
    expect(mnsCardVender.map(element, CONTEXT)).toEqual({ code, detail: expect.stringContaining(detail) });
  });
});
