import { describe, expect, it } from '@jest/globals';
import { CONTEXT, dataFrom, eventFrom, read } from '../../../../test/providers/read.js';
import { alibaba } from './provider.js';
import { smsReport } from './sms-report.js';

/** The page's sample, with the word in quotes that stands there without. */
const SAMPLE = {
  PhoneNumber: '13900000001',
  SendDate: '2017-01-01 00:00:00',
  ReceiveDate: '2017-01-01 00:00:00',
  SendStatus: 'DELIVERD',
  ErrorCode: 'UNKNOW',
  ErrorMessage: 'Unknown error.',
  SmsQuantity: '1,2,3',
  BizId: '1234567^0',
  ExternalId: '67890',
};

const data = (changes: object, sendStatusOne: typeof CONTEXT.sendStatusOne = null): Record<string, unknown> =>
  dataFrom(smsReport, { ...SAMPLE, ...changes }, { ...CONTEXT, sendStatusOne });
const id = (changes: object): string => eventFrom(smsReport, { ...SAMPLE, ...changes }).id;

describe('vendor page alibaba-delivery-report-2019, line by line', () => {
  it('Sample request: as printed, with the bare word DELIVERD, it is not JSON', () => {
    const printed = `[
      {
        "PhoneNumber" : "13900000001",
        "SendDate" : "2017-01-01 00:00:00",
        "ReceiveDate" : "2017-01-01 00:00:00",
        "SendStatus" : DELIVERD,
        "ErrorCode" : "UNKNOW",
        "ErrorMessage" : "Unknown error.",
        "SmsQuantity" : "1,2,3",
        "BizId" : "1234567^0",
        "ExternalId" : "67890"
      }
    ]`;
    const { events, deadLetters } = read(smsReport, printed);
    expect(events).toEqual([]);
    expect(deadLetters).toEqual([
      { code: 'BODY_NOT_JSON', detail: expect.any(String), element: null, value: Buffer.from(printed) },
    ]);
  });

  it('Sample request: with the word in quotes it is delivered, although its code is UNKNOW', () => {
    expect(data({})).toMatchObject({
      messageId: '1234567^0',
      recipient: '+8613900000001',
      recipientRaw: '13900000001',
      status: 'delivered',
      final: true,
      reason: null,
      segmentCount: 3,
      providerStatus: 'DELIVERD',
      providerCode: 'UNKNOW',
      providerDescription: 'Unknown error.',
      reference: '67890',
      sentAt: '2016-12-31T16:00:00.000Z',
      occurredAt: '2016-12-31T16:00:00.000Z',
      occurredAtFrom: 'provider',
      extra: {},
    });
  });

  it('Protocol HTTP + JSON, Encoding UTF-8: an array that can contain multiple reports', () => {
    const reports = [SAMPLE, { ...SAMPLE, PhoneNumber: '13900000002' }, { ...SAMPLE, ErrorMessage: '未知错误' }];
    expect(read(smsReport, JSON.stringify(reports))).toMatchObject({
      elements: 3,
      events: [{}, {}, {}],
      deadLetters: [],
    });
  });

  it('MNS: a queue carries one report, and it is the same fact', () => {
    const [single] = read(smsReport, JSON.stringify(SAMPLE)).events;
    expect(single).toEqual(read(smsReport, JSON.stringify([SAMPLE])).events[0]);
  });

  it.each([
    ['SendStatus: 1 Deliverd, as text', '1', 'delivered', true],
    ['SendStatus: 1, as a number: "submitted" in the edition of January 2019', 1, 'pending', false],
    ['SendStatus: 2 Failed, as text', '2', 'failed', true],
    ['SendStatus: 2, as a number', 2, 'failed', true],
    ['SendStatus: 3, as a number: "delivered" in the edition of January 2019', 3, 'delivered', true],
    ['SendStatus: 3, as text', '3', 'delivered', true],
    ['SendStatus: 6 Expired, as text', '6', 'expired', true],
    ['SendStatus: 6, as a number', 6, 'expired', true],
    ['SendStatus: Deliverd, its example', 'Deliverd', 'delivered', true],
    ['SendStatus: DELIVRD', 'DELIVRD', 'delivered', true],
    ['SendStatus: DELIVERED', 'DELIVERED', 'delivered', true],
    ['SendStatus: Failed', 'Failed', 'failed', true],
    ['SendStatus: Expired', 'Expired', 'expired', true],
    ['SendStatus: a number nobody knows', '9', 'unknown', false],
  ])('%s', (_line, SendStatus, status, final) => {
    expect(data({ SendStatus, ErrorCode: 'NEW' })).toMatchObject({
      status,
      final,
      providerStatus: String(SendStatus),
      providerCode: 'NEW',
    });
  });

  it('SendStatus: 1 means what the source says it means', () => {
    for (const SendStatus of ['1', 1]) {
      expect(data({ SendStatus }, 'delivered')).toMatchObject({ status: 'delivered', final: true });
      expect(data({ SendStatus }, 'submitted')).toMatchObject({ status: 'pending', final: false });
    }
    expect(data({ SendStatus: '2' }, 'delivered').status).toBe('failed');
  });

  it('SendStatus: the two meanings of 1 are two facts about one message, whatever the source says', () => {
    const events = ['1', 1].map((SendStatus) => eventFrom(smsReport, { ...SAMPLE, SendStatus }));
    expect(events[0]?.id).not.toBe(events[1]?.id);
    expect(events[0]?.subject).toBe(events[1]?.subject);
    const pinned = { ...CONTEXT, sendStatusOne: 'delivered' } as const;
    expect(eventFrom(smsReport, { ...SAMPLE, SendStatus: 1 }, pinned).id).toBe(events[1]?.id);
  });

  it('SendStatus: the words in any case of letters are one fact', () => {
    for (const SendStatus of ['Deliverd', 'deliverd']) expect(id({ SendStatus })).toBe(id({}));
    expect(id({ SendStatus: 'DELIVERED' })).not.toBe(id({}));
  });

  it.each([
    ['2', 'MOBILE_IN_BLACK', 'failed', 'blocked', 'never'],
    ['2', 'EXPIRED', 'expired', null, 'later'],
    ['2', 'UNKNOW', 'failed', 'unknown', 'unknown'],
    ['6', 'MOBILE_NOT_ON_SERVICE', 'expired', 'handset', 'later'],
  ])('ErrorCode: SendStatus %s with %s', (SendStatus, ErrorCode, status, reason, retry) => {
    expect(data({ SendStatus, ErrorCode })).toMatchObject({ status, reason, retry });
  });

  it.each([
    ['1,2,3', 3],
    ['1, 2, 3', 3],
    ['1', 1],
    [2, 2],
    ['1,3', null],
    ['2,3', null],
    ['1,2,', null],
    [',', null],
  ])('SmsQuantity: %j', (SmsQuantity, segmentCount) => {
    expect(data({ SmsQuantity })).toMatchObject({ segmentCount, extra: segmentCount === null ? { SmsQuantity } : {} });
  });

  it('PhoneNumber: its masked example stays a person of its own, without a country', () => {
    expect(data({ PhoneNumber: '1300***0000' })).toMatchObject({ recipient: null, recipientRaw: '1300***0000' });
    expect(id({ PhoneNumber: '1300***0000' })).not.toBe(id({ PhoneNumber: '1300***0001' }));
  });

  it('BizId and PhoneNumber: required, they say which message is meant', () => {
    expect(eventFrom(smsReport, { ...SAMPLE, SendStatus: '2' }).subject).toBe(eventFrom(smsReport, SAMPLE).subject);
    for (const field of ['BizId', 'PhoneNumber']) {
      expect(smsReport.map({ ...SAMPLE, [field]: '' }, CONTEXT)).toMatchObject({ code: 'FIELD_MISSING' });
      expect(id({ [field]: '13900000009' })).not.toBe(id({}));
    }
  });

  it('ExternalId: absent or empty when none was given', () => {
    expect([data({ ExternalId: undefined }).reference, data({ ExternalId: '' }).reference]).toEqual([null, null]);
  });

  it('SendDate, ReceiveDate: the form of the January edition could be read in two ways, so it is kept as it came', () => {
    expect(data({ SendDate: '6/1/2017 10:00:00', ReceiveDate: '6/1/2017 10:00:05' })).toMatchObject({
      sentAt: null,
      occurredAt: CONTEXT.observedAt,
      occurredAtFrom: 'observed',
      extra: { SendDate: '6/1/2017 10:00:00', ReceiveDate: '6/1/2017 10:00:05' },
    });
  });

  it('Sample response: a number code and a text msg', () => {
    expect(JSON.parse(alibaba.answer.body)).toEqual({ code: 0, msg: expect.any(String) });
  });
});
