import { describe, expect, it } from '@jest/globals';
import { PermanentError, type IncomingRecord } from '#kafka';
import { decodeEvent } from './decode-event.js';

const KEY = '00000000-0000-5000-8000-000000000001';
const DATA = {
  provider: 'alibaba',
  account: 'main',
  channel: 'sms',
  messageKey: KEY,
  status: 'delivered',
  final: true,
  occurredAt: '2026-07-09T03:01:33.000Z',
  occurredAtFrom: 'provider',
  mappingRevision: 1,
  extra: { big: 1 },
};
const HEADERS = {
  ce_type: 'io.quittance.message.status-reported.v1',
  ce_id: '00000000-0000-5000-8000-000000000002',
  ce_subject: KEY,
  ce_source: '/quittance/alibaba/main',
  ce_time: DATA.occurredAt,
  ce_receiptid: 'r',
};

function record(value: string | null, headers: Record<string, string> = HEADERS): IncomingRecord {
  return {
    topic: 't',
    partition: 0,
    offset: '0',
    timestamp: 0,
    key: null,
    value: value === null ? null : Buffer.from(value),
    headers,
  };
}

describe('decodeEvent', () => {
  it('reads an event, with integers that a double cannot hold', () => {
    const event = decodeEvent(record(JSON.stringify(DATA).replace('"big":1', '"big":9007199254740993')));
    expect(event).toMatchObject({ id: HEADERS.ce_id, subject: KEY, receiptId: 'r' });
    expect(JSON.stringify((event as { data: unknown }).data)).toContain('"big":9007199254740993');
  });

  it('keeps the place of the raw record, where the event tells it', () => {
    const told = decodeEvent(record(JSON.stringify(DATA), { ...HEADERS, ce_rawposition: 'raw/3/17' }));
    expect(told).toHaveProperty('rawPosition', 'raw/3/17');
    expect(decodeEvent(record(JSON.stringify(DATA)))).not.toHaveProperty('rawPosition');
  });

  it('keeps that an operator sent the receipt in again', () => {
    expect(decodeEvent(record(JSON.stringify(DATA), { ...HEADERS, transport: 'redrive' }))).toHaveProperty('redriven');
    expect(decodeEvent(record(JSON.stringify(DATA), { ...HEADERS, transport: 'http' }))).not.toHaveProperty('redriven');
  });

  it.each([
    ['the last day of a leap February', { occurredAt: '2028-02-29T23:59:59.999Z' }],
    ['a time that is not known', { sentAt: null }],
    ['a text about NUL', { account: '\\u0000' }],
  ])('takes %s', (_what, fields) => {
    expect(decodeEvent(record(JSON.stringify({ ...DATA, ...fields })))).toHaveProperty('data', { ...DATA, ...fields });
  });

  it('repeats a type only where it is one of ours', () => {
    const detailOf = (ce_type: string) =>
      (decodeEvent(record(JSON.stringify(DATA), { ...HEADERS, ce_type })) as PermanentError).detail;
    expect(detailOf('io.quittance.message.status-reported.v2')).toBe('io.quittance.message.status-reported.v2');
    expect(detailOf('+8613800000001')).toBe('a type of 14 characters');
    expect(detailOf('io.quittance.8613800000001.v1')).toBe('a type of 29 characters');
  });

  it.each([
    ['no value', record(null), 'EVENT_INVALID'],
    ['no JSON', record('{'), 'EVENT_INVALID'],
    ['an array', record('[]'), 'EVENT_INVALID'],
    ['no status', record(JSON.stringify({ ...DATA, status: undefined })), 'EVENT_INVALID'],
    ['a status that is null', record(JSON.stringify({ ...DATA, status: null })), 'EVENT_INVALID'],
    ['a time that is none', record(JSON.stringify({ ...DATA, occurredAt: 'yesterday' })), 'EVENT_INVALID'],
    [
      'a day that no month has',
      record(JSON.stringify({ ...DATA, occurredAt: '2026-02-30T00:00:00.000Z' })),
      'EVENT_INVALID',
    ],
    [
      'a year that Postgres has not',
      record(JSON.stringify({ ...DATA, occurredAt: '0000-01-01T00:00:00.000Z' })),
      'EVENT_INVALID',
    ],
    ['another time that is none', record(JSON.stringify({ ...DATA, sentAt: 'yesterday' })), 'EVENT_INVALID'],
    ['a NUL', record(JSON.stringify({ ...DATA, account: 'ma\0in' })), 'EVENT_INVALID'],
    ['a NUL behind a backslash', record(JSON.stringify({ ...DATA, account: '\\\0' })), 'EVENT_INVALID'],
    [
      'a segment of too many',
      record(JSON.stringify({ ...DATA, segment: { number: 1, total: 2 } }).replace('"total":2', '"total":1e999')),
      'EVENT_INVALID',
    ],
    ['half a segment', record(JSON.stringify({ ...DATA, segment: { number: 0.5, total: 2 } })), 'EVENT_INVALID'],
    ['a key that is no UUID', record(JSON.stringify(DATA), { ...HEADERS, ce_subject: 'x' }), 'EVENT_INVALID'],
    [
      'a type of a newer version',
      record(JSON.stringify(DATA), { ...HEADERS, ce_type: 'io.quittance.x.v9' }),
      'EVENT_TYPE_UNKNOWN',
    ],
    ['no type', record(JSON.stringify(DATA), { ce_id: HEADERS.ce_id, ce_subject: KEY }), 'HEADERS_INVALID'],
  ])('refuses %s', (_what, broken, code) => {
    const refused = decodeEvent(broken);
    expect(refused).toBeInstanceOf(PermanentError);
    expect((refused as PermanentError).code).toBe(code);
  });
});
