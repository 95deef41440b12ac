import { describe, expect, it } from '@jest/globals';
import { noReceiptId, type MessageSubmitted } from '#contracts';
import { expectValidEvent } from '../../../../test/contracts/validate-event.js';
import type { Fact } from '../merge/fact-set.js';
import type { MessageFact } from '../merge/message-fact.js';
import { noReceiptEvent } from './no-receipt.js';

const KEY = '3b2a1f52-6f0e-5d0c-9a39-5b8f2f3b7f10';
const SUBMITTED: Fact<MessageSubmitted> = {
  id: '3b2a1f52-6f0e-5d0c-9a39-5b8f2f3b7f11',
  receiptId: 'quittance.submissions.v1/0/7',
  rawPosition: 'quittance.submissions.v1/0/7',
  data: {
    provider: 'huawei',
    account: 'hw',
    channel: 'sms',
    labels: { unit: 'retail' },
    messageKey: KEY,
    messageId: 'm1',
    sender: 's',
    recipient: '+8613800000001',
    reference: 'o1',
    submittedAt: '2026-07-09T03:00:00.000Z',
    expectReportWithin: 'PT72H',
  },
};

describe('noReceiptEvent', () => {
  it('is a report of ours that keeps the contract of reports', () => {
    const event = noReceiptEvent([SUBMITTED], 'quittance')!;
    expect(event).toMatchObject({
      id: noReceiptId(KEY),
      source: '/quittance/huawei/hw',
      subject: KEY,
      time: '2026-07-12T03:00:00.000Z',
      receiptId: SUBMITTED.receiptId,
      rawPosition: SUBMITTED.rawPosition,
      data: {
        status: 'expired',
        final: false,
        reason: 'no-receipt',
        reportedBy: 'quittance',
        segment: null,
        recipient: '+8613800000001',
        reference: 'o1',
        occurredAt: '2026-07-12T03:00:00.000Z',
        labels: { unit: 'retail' },
      },
    });
    expectValidEvent(event.type, event.data);
  });

  it('is the same beside whatever reports there are', () => {
    const report = {
      id: 'a',
      receiptId: 'r',
      data: { ...noReceiptEvent([SUBMITTED], 'x')!.data, status: 'sent' } as const,
    };
    const facts: Fact<MessageFact>[] = [report, SUBMITTED];
    expect(noReceiptEvent(facts, 'quittance')).toEqual(noReceiptEvent([SUBMITTED], 'quittance'));
    expect(noReceiptEvent(facts.toReversed(), 'quittance')).toEqual(noReceiptEvent([SUBMITTED], 'quittance'));
  });

  it('is not made where nobody said how long to wait', () => {
    const report = { id: 'a', receiptId: 'r', data: noReceiptEvent([SUBMITTED], 'x')!.data };
    expect(noReceiptEvent([report], 'quittance')).toBeNull();
    const patient = { ...SUBMITTED, data: { ...SUBMITTED.data, expectReportWithin: null } };
    expect(noReceiptEvent([patient], 'quittance')).toBeNull();
  });
});
