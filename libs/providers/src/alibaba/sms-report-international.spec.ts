import { describe, expect, it } from '@jest/globals';
import { CONTEXT, dataFrom, eventFrom } from '../../../../test/providers/read.js';
import { globeSmsReport, smsReport } from './sms-report.js';

const REPORT = {
  To: '6580000001',
  Status: '1',
  MessageId: '900000000001',
  SmsSize: '1',
  TaskId: 'task-1',
  SendDate: 'Thu, 09 Jul 2026 11:01:20 +0800',
  ReceiveDate: 'Thu, 09 Jul 2026 11:01:33 +0800',
  ErrorCode: 'success',
  ErrorDescription: 'success',
};

describe('SmsReport of the international product', () => {
  const data = (changes: object): Record<string, unknown> => dataFrom(smsReport, { ...REPORT, ...changes });
  const event = (changes: object): { id: string; subject: string } => eventFrom(smsReport, { ...REPORT, ...changes });

  it('says which message, to whom, when and with what result', () => {
    expect(data({})).toMatchObject({
      channel: 'sms',
      messageId: '900000000001',
      recipient: '+6580000001',
      recipientRaw: '6580000001',
      segmentCount: 1,
      status: 'delivered',
      final: true,
      reportedBy: 'carrier',
      providerStatus: '1',
      providerCode: 'success',
      reference: 'task-1',
      sentAt: '2026-07-09T03:01:20.000Z',
      occurredAt: '2026-07-09T03:01:33.000Z',
      occurredAtFrom: 'provider',
      extra: {},
    });
  });

  it('takes the offset from the time, not from the account', () => {
    const abroad = { ...CONTEXT, timeZone: 'America/New_York' };
    expect(dataFrom(smsReport, REPORT, abroad).occurredAt).toBe('2026-07-09T03:01:33.000Z');
    expect(data({ ReceiveDate: 'Wed, 08 Jul 2026 23:01:33 -0400' }).occurredAt).toBe('2026-07-09T03:01:33.000Z');
  });

  it('reads a local time too, and keeps what is no time', () => {
    expect(data({ ReceiveDate: '2026-07-09 11:01:33' }).occurredAt).toBe('2026-07-09T03:01:33.000Z');
    expect(data({ ReceiveDate: 'Thu, 31 Jun 2026 11:01:33 +0800' })).toMatchObject({
      occurredAtFrom: 'observed',
      extra: { ReceiveDate: 'Thu, 31 Jun 2026 11:01:33 +0800' },
    });
  });

  it.each([
    ['1', 'success', 'delivered', null],
    ['1', 'DELIVERED', 'delivered', null],
    ['2', 'EXPIRED', 'expired', null],
    ['2', 'NEW', 'failed', 'unknown'],
    ['2', 'success', 'failed', 'unknown'],
    ['6', 'EXPIRED', 'expired', null],
    [6, 'NEW', 'expired', null],
    // The edition of December 2018 types the status as a number: 1 submitted, 2 failed, 3 delivered.
    [1, 'success', 'pending', null],
    [2, 'NEW', 'failed', 'unknown'],
    [3, 'success', 'delivered', null],
    [null, 'success', 'delivered', null],
    [null, 'NEW', 'unknown', 'unknown'],
  ])('Status %j with code %s', (Status, ErrorCode, status, reason) => {
    expect(data({ Status, ErrorCode })).toMatchObject({ status, reason, providerCode: ErrorCode });
  });

  it.each([
    ['6580000001', '+6580000001'],
    ['+6580000001', '+6580000001'],
    [6580000001, '+6580000001'],
    ['12025550123', '+12025550123'],
    ['8613800000001', '+8613800000001'],
    ['658****0001', null],
  ])('To %j', (To, recipient) => {
    expect(data({ To }).recipient).toBe(recipient);
  });

  it('is the same fact however the recipient is written, and whatever is not part of its identity', () => {
    for (const change of [{ To: '+6580000001' }, { To: 6580000001 }, { TaskId: undefined, SmsSize: undefined }]) {
      expect(event(change).id).toBe(event({}).id);
      expect(event(change).subject).toBe(event({}).subject);
    }
  });

  it.each([{ MessageId: '900000000002' }, { To: '6580000002' }, { Status: '2' }, { ErrorCode: 'DELIVERED' }])(
    'is another fact with %j',
    (change) => {
      expect(event(change).id).not.toBe(event({}).id);
    },
  );

  it('keeps where the number belongs, as older accounts report it', () => {
    const NumberDetail = { Country: 'Singapore', Region: 'Singapore', Carrier: 'Example' };
    expect(data({ NumberDetail }).extra).toEqual({ NumberDetail });
  });
});

describe('GlobeSmsReport', () => {
  const GLOBE = {
    to: '85260000001',
    status: '2',
    message_id: '900000000003',
    send_date: '2026-07-09 11:01:20',
    receive_date: '2026-07-09 11:01:33',
    error_code: 'SP_UNKNOW_ERROR',
    error_description: 'unknown carrier error',
  };
  const data = (changes: object): Record<string, unknown> => dataFrom(globeSmsReport, { ...GLOBE, ...changes });

  it('says which message, to whom, when and with what result', () => {
    expect(data({})).toMatchObject({
      messageId: '900000000003',
      recipient: '+85260000001',
      segmentCount: null,
      reference: null,
      status: 'failed',
      final: true,
      reason: 'unknown',
      retry: 'unknown',
      providerStatus: '2',
      providerCode: 'SP_UNKNOW_ERROR',
      providerDescription: 'unknown carrier error',
      sentAt: '2026-07-09T03:01:20.000Z',
      occurredAt: '2026-07-09T03:01:33.000Z',
      extra: {},
    });
  });

  it('means delivered by 1, as text and as a number, whatever SendStatus means at this source', () => {
    const submitted = { ...CONTEXT, sendStatusOne: 'submitted' } as const;
    for (const status of ['1', 1]) {
      expect(data({ status }).status).toBe('delivered');
      expect(dataFrom(globeSmsReport, { ...GLOBE, status }, submitted).status).toBe('delivered');
      expect(eventFrom(globeSmsReport, { ...GLOBE, status }).id).toBe(
        eventFrom(smsReport, { ...GLOBE, status: '1' }).id,
      );
    }
  });
});
