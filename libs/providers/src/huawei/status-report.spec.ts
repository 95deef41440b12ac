import { describe, expect, it } from '@jest/globals';
import { CONTEXT, dataFrom, dataOf, eventFrom, read } from '../../../../test/providers/read.js';
import { batchStatusReport, statusReport } from './status-report.js';

const REPORT = {
  smsMsgId: '0b7e1f0a-0000-4000-8000-000000000001_1',
  total: '2',
  sequence: '1',
  status: 'DELIVRD',
  source: '2',
  updateTime: '2024-12-12T07:06:53Z',
  extend: 'order=42&x',
  to: '+8613800000000',
};

const id = (changes: object): string => eventFrom(statusReport, { ...REPORT, ...changes }).id;
const key = (changes: object): string => eventFrom(statusReport, { ...REPORT, ...changes }).subject;
const data = (changes: object): Record<string, unknown> => dataFrom(statusReport, { ...REPORT, ...changes });

describe('a status report, line by line of the page huawei-batch-status-report', () => {
  it('statusReportList: a list of any length, 50 and more, one event each in its order', () => {
    for (const length of [1, 50, 51, 500]) {
      const list = Array.from({ length }, (_, index) => ({ smsMsgId: `id_${index}`, status: 'DELIVRD' }));
      const { events, deadLetters } = read(batchStatusReport, JSON.stringify({ statusReportList: list }));
      expect(deadLetters).toEqual([]);
      expect(events.map((event) => dataOf(event).messageId)).toEqual(list.map(({ smsMsgId }) => smsMsgId));
    }
  });

  it('statusReportList: an empty one is counted and nothing else; one that is no list is a dead letter', () => {
    expect(read(batchStatusReport, '{"statusReportList":[]}')).toEqual({ events: [], deadLetters: [], elements: 0 });
    expect(read(batchStatusReport, '{"statusReportList":null}').deadLetters).toMatchObject([
      { code: 'BODY_NOT_RECEIPTS', element: null },
    ]);
  });

  it('statusReportList: a bad report costs none of the others, and keeps its own bytes', () => {
    const bad = '{ "smsMsgId":"x" , "source":"1","sequence":"1"}';
    const body = `{"statusReportList":[${JSON.stringify(REPORT)}, ${bad} ,${JSON.stringify(REPORT)}]}`;
    const { events, deadLetters } = read(batchStatusReport, body);
    expect(events).toHaveLength(2);
    expect(deadLetters.map(({ code, element, value }) => [code, element, value.toString()])).toEqual([
      ['FIELD_MISSING', 1, bad],
    ]);
  });

  it('smsMsgId: the message, whatever it looks like', () => {
    expect(data({ smsMsgId: ' any/shape ' }).messageId).toBe('any/shape');
    expect(key({ smsMsgId: 'another' })).not.toBe(key({}));
    expect(key({ status: 'EXPIRED', sequence: '2', to: undefined, extend: undefined })).toBe(key({}));
  });

  it('total and sequence: a segment where the message was split', () => {
    expect(data({})).toMatchObject({ segment: { number: 1, total: 2 }, segmentCount: 2, extra: { source: '2' } });
    expect(data({ total: 2, sequence: 2 }).segment).toEqual({ number: 2, total: 2 });
    expect(data({ total: '1', sequence: '1' })).toMatchObject({ segment: null, segmentCount: 1 });
    expect(data({ total: undefined, sequence: undefined })).toMatchObject({ segment: null, segmentCount: null });
  });

  it('sequence: whether it begins with 0 or 1 is not said, so both are passed on; what cannot be is kept aside', () => {
    expect(data({ sequence: '0' }).segment).toEqual({ number: 0, total: 2 });
    expect(data({ sequence: '3' })).toMatchObject({ segment: null, extra: { sequence: '3' } });
    expect(data({ total: 'many' })).toMatchObject({ segmentCount: null, extra: { total: 'many', sequence: '1' } });
  });

  it('status: longer than the seven characters of the page, and in any case of letters', () => {
    expect(data({ status: 'SMGPERR:52' })).toMatchObject({ status: 'failed', providerCode: 'SMGPERR:52' });
    expect(data({ status: 'delivrd' })).toMatchObject({ status: 'delivered', providerStatus: 'delivrd' });
    expect(id({ status: 'delivrd' })).toBe(id({}));
  });

  it('source: who made the report', () => {
    expect(['1', '2', '3', 1].map((source) => data({ source }).reportedBy)).toEqual([
      'provider',
      'carrier',
      'provider',
      'provider',
    ]);
    expect(data({ source: '3' }).extra).toEqual({ source: '3' });
  });

  it('updateTime: UTC, with colons or with %3a in their place', () => {
    for (const updateTime of ['2024-12-12T07:06:53Z', '2024-12-12T07%3a06%3A53Z']) {
      expect(data({ updateTime })).toMatchObject({
        occurredAt: '2024-12-12T07:06:53.000Z',
        occurredAtFrom: 'provider',
        extra: { source: '2' },
      });
    }
  });

  it('updateTime: missing where the platform made the report; then it happened when it was observed', () => {
    expect(data({ updateTime: undefined, status: 'EXPIRED', source: '1' })).toMatchObject({
      occurredAt: CONTEXT.observedAt,
      occurredAtFrom: 'observed',
      status: 'expired',
      reportedBy: 'provider',
    });
    expect(data({ updateTime: '2024-02-30T00:00:00Z' })).toMatchObject({
      occurredAtFrom: 'observed',
      extra: { updateTime: '2024-02-30T00:00:00Z' },
    });
  });

  it.each(['2026-07-10T03:01:35Z', '1999-12-31T23:59:59Z'])('updateTime: one that cannot be true: %s', (updateTime) => {
    expect(data({ updateTime })).toMatchObject({
      occurredAt: CONTEXT.observedAt,
      occurredAtFrom: 'observed',
      extra: { updateTime },
    });
  });

  it('orgCode: the raw code of an international carrier, kept as it is', () => {
    expect(data({ orgCode: '000' })).toMatchObject({ providerCode: 'DELIVRD', extra: { orgCode: '000' } });
  });

  it('extend: the caller’s own text', () => {
    expect(data({}).reference).toBe('order=42&x');
    expect(data({ extend: undefined }).reference).toBeNull();
  });

  it('to: there only with extend; certain only with its country', () => {
    expect(data({})).toMatchObject({ recipient: '+8613800000000', recipientRaw: '+8613800000000' });
    expect(data({ to: undefined })).toMatchObject({ recipient: null, recipientRaw: null });
    expect(data({ to: '0012025550100' }).recipient).toBe('+12025550100');
    // A mainland mobile, or a number in North America.
    expect(data({ to: '13800000000' })).toMatchObject({ recipient: null, recipientRaw: '13800000000' });
  });

  it('statusDesc: newer than the page', () => {
    expect(data({ statusDesc: 'no route' }).providerDescription).toBe('no route');
  });
});

describe('the identity of a status report', () => {
  it.each([
    ['message', { smsMsgId: 'another' }],
    ['segment', { sequence: '2' }],
    ['status', { status: 'UNDELIV' }],
  ])('is another with another %s', (_what, change) => {
    expect(id(change)).not.toBe(id({}));
  });

  it('is the same without what is not part of it', () => {
    expect(id({ updateTime: undefined, source: '1', extend: undefined, to: undefined, total: 2, sequence: 1 })).toBe(
      id({}),
    );
  });

  it('is the same one by one and in a batch', () => {
    const [single] = read(statusReport, new URLSearchParams(REPORT).toString()).events;
    const [batched] = read(batchStatusReport, JSON.stringify({ statusReportList: [REPORT] })).events;
    expect(single).toEqual(batched);
  });
});

describe('a single status report', () => {
  it('is split before it is decoded', () => {
    const body = 'smsMsgId=id_1&status=E200027&source=3&extend=a%26status%3DDELIVRD&to=%2B8613800000000';
    expect(read(statusReport, body).events.map(dataOf)).toMatchObject([
      { status: 'failed', reference: 'a&status=DELIVRD', recipient: '+8613800000000' },
    ]);
  });

  it('may carry a bare plus in front of the number', () => {
    expect(
      read(statusReport, 'smsMsgId=1&status=DELIVRD&extend=a+b&to=+8613800000000').events.map(dataOf),
    ).toMatchObject([{ reference: 'a b', recipient: '+8613800000000', recipientRaw: '+8613800000000' }]);
  });

  it('that says two things at once is a dead letter, whole', () => {
    const body = 'smsMsgId=1&status=DELIVRD&status=UNDELIV';
    expect(read(statusReport, body).deadLetters).toEqual([
      { code: 'FIELD_INVALID', detail: 'status is an array', element: 0, value: Buffer.from(body) },
    ]);
  });
});

it.each([
  ['no smsMsgId', { status: 'DELIVRD' }, 'FIELD_MISSING'],
  ['no status', { smsMsgId: '1', sequence: '1' }, 'FIELD_MISSING'],
  ['a status that is an object', { smsMsgId: '1', status: {} }, 'FIELD_INVALID'],
  ['an uplink message', { smsMsgId: '1', from: '+8613800000000', to: '1069', body: 'TD' }, 'RECEIPT_TYPE_MISMATCH'],
  ['nothing', {}, 'RECEIPT_TYPE_MISMATCH'],
])('refuses %s', (_what, element, code) => {
  expect(statusReport.map(element, CONTEXT)).toMatchObject({ code });
});
