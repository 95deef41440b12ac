import { describe, expect, it } from '@jest/globals';
import { CONTEXT, dataFrom, eventFrom } from '../../../../test/providers/read.js';
import { signSmsReport } from './sign-sms-report.js';
import { templateSmsReport } from './template-sms-report.js';

const SIGN = { sign_name: '示例科技', sign_status: 'approved', orderId: '1', create_date: '2026-07-01 10:00:00' };
const TEMPLATE = { template_code: 'SMS_1', template_name: 'n', template_status: 'approved', orderId: '1' };

const LATER = { ...CONTEXT, observedAt: '2026-07-11T10:00:00.000Z' };

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

  it('are the same fact in whatever case of letters the status comes', () => {
    expect(eventFrom(signSmsReport, { ...SIGN, sign_status: 'Approved' }).id).toBe(eventFrom(signSmsReport, SIGN).id);
  });

  it.each([
    [
      'by its application, where it has no work order',
      { orderId: '' },
      { orderId: '', create_date: '2026-07-02 10:00:00' },
    ],
    ['by its status', { orderId: '' }, { orderId: '', sign_status: 'rejected' }],
    ['from that of a work order', { orderId: '' }, {}],
  ])('are told apart %s, whenever they are observed', (_what, one, other) => {
    const first = eventFrom(signSmsReport, { ...SIGN, ...one }).id;
    expect(eventFrom(signSmsReport, { ...SIGN, ...one }, LATER).id).toBe(first);
    expect(eventFrom(signSmsReport, { ...SIGN, ...other }).id).not.toBe(first);
  });

  it.each([
    ['none', undefined],
    ['one that nobody can read', 'soon'],
    ['one that cannot be true', '1970-01-01 08:00:00'],
  ])(
    'without a work order and a time (%s): approved, rejected and approved again are three facts',
    (_what, create_date) => {
      const review = { ...TEMPLATE, orderId: undefined, create_date };
      const first = eventFrom(templateSmsReport, review);
      const rejected = eventFrom(templateSmsReport, { ...review, template_status: 'rejected' });
      const again = eventFrom(templateSmsReport, review, LATER);
      expect(new Set([first, rejected, again].map(({ id }) => id)).size).toBe(3);
      expect(new Set([first, rejected, again].map(({ subject }) => subject)).size).toBe(1);
      // What tells them apart is content, whatever the order of its keys, and the moment.
      const reordered = Object.fromEntries(Object.entries(review).reverse());
      expect(eventFrom(templateSmsReport, reordered).id).toBe(first.id);
    },
  );

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

  it.each(['soon', '2062-07-01 10:00:00', '1970-01-01 08:00:00'])(
    'keep an application time that cannot be read, or cannot be true: %s',
    (create_date) => {
      expect(dataFrom(signSmsReport, { ...SIGN, create_date })).toMatchObject({
        submittedAt: null,
        extra: { create_date },
      });
    },
  );

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
