import { describe, expect, it } from '@jest/globals';
import { CONTEXT, dataFrom, eventFrom } from '../../../../test/providers/read.js';
import { signSmsReport } from './sign-sms-report.js';
import { templateSmsReport } from './template-sms-report.js';

const SIGN = { sign_name: '示例科技', sign_status: 'approved', orderId: '1', create_date: '2026-07-01 10:00:00' };
const TEMPLATE = { template_code: 'SMS_1', template_name: 'n', template_status: 'approved', orderId: '1' };

describe('reviews', () => {
  it('are the same fact by HTTP and by queue, which spell the work order differently', () => {
    const { orderId, ...rest } = SIGN;
    expect(eventFrom(signSmsReport, { ...rest, order_id: orderId }).id).toBe(eventFrom(signSmsReport, SIGN).id);
  });

  it('keep a second work order that says something else', () => {
    expect(dataFrom(signSmsReport, { ...SIGN, order_id: '2' })).toMatchObject({
      reviewId: '1',
      extra: { order_id: '2' },
    });
    expect(dataFrom(signSmsReport, { ...SIGN, order_id: '1' })).toMatchObject({ reviewId: '1', extra: {} });
  });

  it('belong to what is reviewed, not to the work order', () => {
    const first = eventFrom(templateSmsReport, TEMPLATE);
    const second = eventFrom(templateSmsReport, { ...TEMPLATE, orderId: '2', template_status: 'rejected' });
    expect(second.subject).toBe(first.subject);
    expect(second.id).not.toBe(first.id);
  });

  it('of a signature and of a template of the same name are apart', () => {
    const sign = eventFrom(signSmsReport, { ...SIGN, sign_name: 'SMS_1' });
    expect(sign.subject).not.toBe(eventFrom(templateSmsReport, TEMPLATE).subject);
  });

  it('take a signature with brackets for the one without', () => {
    expect(eventFrom(signSmsReport, { ...SIGN, sign_name: '【示例科技】' }).id).toBe(eventFrom(signSmsReport, SIGN).id);
  });

  it.each([
    ['approving', 'pending'],
    ['Approved', 'approved'],
    ['rejected', 'rejected'],
    ['cancelled', 'unknown'],
  ])('map %s to %s', (template_status, status) => {
    const data = dataFrom(templateSmsReport, { ...TEMPLATE, template_status });
    expect(data).toMatchObject({ status, providerStatus: template_status });
  });

  it('happened when they were observed', () => {
    expect(dataFrom(signSmsReport, SIGN)).toMatchObject({
      submittedAt: '2026-07-01T02:00:00.000Z',
      occurredAt: CONTEXT.observedAt,
      occurredAtFrom: 'observed',
    });
  });

  it('keep an application time that cannot be read', () => {
    expect(dataFrom(signSmsReport, { ...SIGN, create_date: 'soon' })).toMatchObject({
      submittedAt: null,
      extra: { create_date: 'soon' },
    });
  });

  it.each([
    ['a signature without a name', signSmsReport, { ...SIGN, sign_name: '' }, 'FIELD_MISSING'],
    ['a signature without a status', signSmsReport, { sign_name: 'x', sign_scene: 'y' }, 'FIELD_MISSING'],
    ['a template without a code', templateSmsReport, { ...TEMPLATE, template_code: undefined }, 'FIELD_MISSING'],
    ['a template without a status', templateSmsReport, { ...TEMPLATE, template_status: null }, 'FIELD_MISSING'],
    ['a template at a signature source', signSmsReport, TEMPLATE, 'RECEIPT_TYPE_MISMATCH'],
    ['a signature at a template source', templateSmsReport, SIGN, 'RECEIPT_TYPE_MISMATCH'],
    ['a reply with a signature', signSmsReport, { sign_name: 'x', content: 'TD' }, 'RECEIPT_TYPE_MISMATCH'],
  ])('refuse %s', (_what, type, element, code) => {
    expect(type.map(element, CONTEXT)).toMatchObject({ code });
  });
});
