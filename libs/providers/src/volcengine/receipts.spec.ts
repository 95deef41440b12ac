import { describe, expect, it } from '@jest/globals';
import { CONTEXT, dataFrom, eventFrom } from '../../../../test/providers/read.js';
import { signatureReview, templateReview } from './review.js';
import { statusReport } from './status-report.js';
import { uplinkSms } from './uplink-sms.js';

const REPORT = {
  account: '2000000000',
  channel_type: 'CN_OTP',
  mobile: '13800000001',
  message_id: 'bde1b10d-0000-4000-8000-000000000001',
  status_code: '0',
  description: 'DELIVRD',
  msg_count: 2,
  service_id: '1069669400000',
  ext: '123456',
  send_time: 1669171012444,
  recv_time: 1669171015000,
};
const REPLY = {
  mobile: '13800000001',
  content: 'TD',
  recv_time: 1651760981000,
  signature: '【测试】',
  service_id: '1069669400000',
  channel_type: 'CN_MKT',
  ext: '1047',
};
const REVIEW = {
  apply_id: 39799,
  signature: 'sign',
  audit_result: false,
  audit_opinion: 'no proof',
  audit_time: '2022-09-14 11:48:15',
};

describe('StatusReport', () => {
  it('has everything in one report', () => {
    expect(dataFrom(statusReport, REPORT)).toMatchObject({
      sender: '1069669400000',
      recipient: '+8613800000001',
      segmentCount: 2,
      status: 'delivered',
      reference: '123456',
      sentAt: '2022-11-23T02:36:52.444Z',
      occurredAt: '2022-11-23T02:36:55.000Z',
      extra: { account: '2000000000', channel_type: 'CN_OTP' },
    });
  });

  it('is a failure with any code but "0", also as a number', () => {
    expect(dataFrom(statusReport, { ...REPORT, status_code: 0 }).status).toBe('delivered');
    expect(dataFrom(statusReport, { ...REPORT, status_code: 'XX:1' })).toMatchObject({
      status: 'failed',
      final: true,
      reason: 'unknown',
      providerCode: 'XX:1',
    });
  });

  it('knows the country of a number only in mainland China, or where it says so itself', () => {
    const recipient = (changes: object): unknown => dataFrom(statusReport, { ...REPORT, ...changes }).recipient;
    expect(recipient({ channel_type: 'I18N_OTP' })).toBeNull();
    expect(recipient({ channel_type: 'I18N_OTP', mobile: '+12025550100' })).toBe('+12025550100');
    expect(recipient({ channel_type: '', mobile: '008613800000001' })).toBe('+8613800000001');
  });

  it('keeps what it cannot read', () => {
    const odd = { ...REPORT, recv_time: 'soon', send_time: 5, msg_count: 'two' };
    expect(dataFrom(statusReport, odd)).toMatchObject({
      occurredAt: CONTEXT.observedAt,
      sentAt: null,
      segmentCount: null,
      extra: { recv_time: 'soon', send_time: 5, msg_count: 'two' },
    });
  });

  it.each([Date.UTC(2026, 6, 10, 3, 1, 35), Date.UTC(1999, 11, 31)])('%s ms cannot be its time', (time) => {
    expect(dataFrom(statusReport, { ...REPORT, send_time: time, recv_time: time })).toMatchObject({
      sentAt: null,
      occurredAt: CONTEXT.observedAt,
      occurredAtFrom: 'observed',
      extra: { send_time: time, recv_time: time },
    });
  });

  it.each([
    ['no message_id', { ...REPORT, message_id: '' }, 'FIELD_MISSING'],
    ['no mobile', { ...REPORT, mobile: null }, 'FIELD_MISSING'],
    ['no status_code', { ...REPORT, status_code: undefined }, 'FIELD_MISSING'],
    ['a reply', REPLY, 'RECEIPT_TYPE_MISMATCH'],
  ])('refuses %s', (_what, element, code) => {
    expect(statusReport.map(element, CONTEXT)).toMatchObject({ code });
  });
});

describe('UplinkSms', () => {
  it('is a reply without an id', () => {
    expect(dataFrom(uplinkSms, REPLY)).toMatchObject({
      originId: null,
      sender: '+8613800000001',
      addressee: '1069669400000',
      smsSignature: '测试',
      keyword: 'stop',
      occurredAt: '2022-05-05T14:29:41.000Z',
      extra: { channel_type: 'CN_MKT', ext: '1047' },
    });
  });

  it('is told from others by person, access number, text and time', () => {
    const id = (changes: object): string => eventFrom(uplinkSms, { ...REPLY, ...changes }).id;
    expect(id({ ext: 'other', recv_time: '1651760981000' })).toBe(id({}));
    for (const change of [{ mobile: '13800000002' }, { service_id: '1' }, { content: 'T' }, { recv_time: 1 }]) {
      expect(id(change)).not.toBe(id({}));
    }
  });

  it('happened when it was observed, if its time cannot be true, and is still known by it', () => {
    const reply = { ...REPLY, recv_time: Date.UTC(2062, 0) };
    expect(dataFrom(uplinkSms, reply)).toMatchObject({
      occurredAt: CONTEXT.observedAt,
      occurredAtFrom: 'observed',
      extra: { recv_time: reply.recv_time },
    });
    expect(eventFrom(uplinkSms, reply).id).not.toBe(eventFrom(uplinkSms, REPLY).id);
  });

  it.each([
    ['no mobile', { ...REPLY, mobile: '' }, 'FIELD_MISSING'],
    ['no time', { ...REPLY, recv_time: undefined }, 'FIELD_MISSING'],
    ['a delivery report', REPORT, 'RECEIPT_TYPE_MISMATCH'],
  ])('refuses %s', (_what, element, code) => {
    expect(uplinkSms.map(element, CONTEXT)).toMatchObject({ code });
  });
});

describe('reviews', () => {
  it('of a sender name happen when they were decided', () => {
    expect(dataFrom(signatureReview, REVIEW)).toMatchObject({
      subject: { kind: 'sms-signature', id: 'sign', name: 'sign' },
      reviewId: '39799',
      status: 'rejected',
      reason: 'no proof',
      occurredAt: '2022-09-14T03:48:15.000Z',
      occurredAtFrom: 'provider',
    });
  });

  it('of a template have its id and name', () => {
    // A signature that stands beside them is not what is reviewed.
    const template = { ...REVIEW, template_id: 'ST_1', template_name: 'a', audit_result: true };
    expect(dataFrom(templateReview, template)).toMatchObject({
      subject: { kind: 'sms-template', id: 'ST_1', name: 'a' },
      status: 'approved',
    });
  });

  it('keep a result that nobody understands', () => {
    expect(dataFrom(signatureReview, { ...REVIEW, audit_result: 'maybe' })).toMatchObject({
      status: 'unknown',
      providerStatus: 'maybe',
    });
  });

  it('are another fact when the same order is decided again', () => {
    const id = (changes: object): string => eventFrom(signatureReview, { ...REVIEW, ...changes }).id;
    expect(id({ audit_opinion: 'x', industry: 'y' })).toBe(id({}));
    expect(id({ audit_time: '2022-09-15 11:48:15' })).not.toBe(id({}));
  });

  it('are the same fact whether the result is a boolean or the word for one', () => {
    const id = (audit_result: unknown): string => eventFrom(signatureReview, { ...REVIEW, audit_result }).id;
    for (const word of ['false', 'FALSE']) expect(id(word)).toBe(id(false));
  });

  it.each([
    ['none', undefined],
    ['one that cannot be true', '2062-01-01 00:00:00'],
  ])('without a work order and a time (%s) are content and the moment', (_what, audit_time) => {
    const later = { ...CONTEXT, observedAt: '2026-07-11T10:00:00.000Z' };
    const review = { ...REVIEW, apply_id: undefined, audit_time };
    const first = eventFrom(signatureReview, review);
    expect(first.data).toMatchObject({ occurredAt: CONTEXT.observedAt, occurredAtFrom: 'observed' });
    expect(eventFrom(signatureReview, Object.fromEntries(Object.entries(review).reverse())).id).toBe(first.id);
    expect(eventFrom(signatureReview, review, later).id).not.toBe(first.id);
    // With either of them they are the same fact whenever they are observed.
    for (const known of [
      { ...review, apply_id: 1 },
      { ...REVIEW, apply_id: undefined },
    ]) {
      expect(eventFrom(signatureReview, known, later).id).toBe(eventFrom(signatureReview, known).id);
    }
  });

  it('are not taken for one another', () => {
    expect(templateReview.map(REVIEW, CONTEXT)).toMatchObject({ code: 'RECEIPT_TYPE_MISMATCH' });
    expect(signatureReview.map({ ...REVIEW, signature: '【】' }, CONTEXT)).toMatchObject({ code: 'FIELD_MISSING' });
  });
});
