import { gzipSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import { encodeEvent, Identity } from '#contracts';
import { PROVIDERS } from '#providers';
import { expectValidEvent } from '../../../test/contracts/validate-event.js';
import { normalise, type NormaliserSettings, type Normalised, type SourceSettings } from './normalise.js';

const SMS_REPORT: SourceSettings = {
  provider: 'alibaba',
  account: 'main',
  receipt: 'SmsReport',
  channel: null,
  labels: { unit: 'retail' },
  senders: new Map(),
  sendStatusOne: null,
  timeZone: 'Asia/Shanghai',
};

function settingsWith(
  sources: Readonly<Record<string, SourceSettings>>,
  namespace = '6f1d6a0e-2c0f-4a55-9b8e-0d7f1d1f5a11',
): NormaliserSettings {
  return {
    installation: 'quittance',
    identity: new Identity(namespace),
    providers: PROVIDERS,
    source: (id) => (Object.hasOwn(sources, id) ? sources[id] : undefined),
  };
}

const SETTINGS = settingsWith({ 'ali-sms-report': SMS_REPORT });

const HEADERS = {
  'receipt-id': '0198f2c0-1111-7000-8000-000000000001',
  source: 'ali-sms-report',
  provider: 'alibaba',
  'received-at': '2026-07-09T03:01:34.250Z',
  'observed-at': '2026-07-09T03:01:33.512Z',
};

const REPORT = { phone_number: '13800000001', success: true, err_code: 'DELIVERED', biz_id: '1^0' };

function run(
  body: Buffer | string | null,
  headers: Readonly<Record<string, string | undefined>> = {},
  settings = SETTINGS,
): Normalised {
  const bytes: Record<string, Buffer> = {};
  for (const [name, value] of Object.entries<string | undefined>({ ...HEADERS, ...headers })) {
    if (value !== undefined) bytes[name] = Buffer.from(value);
  }
  return normalise({ value: body === null ? null : Buffer.from(body), headers: bytes }, settings);
}

describe('normalise', () => {
  it('makes an event of every element, with what headers and settings say', () => {
    const { events, deadLetters, elements } = run(JSON.stringify([REPORT, { ...REPORT, biz_id: '2^0' }]));
    expect({ elements, deadLetters }).toEqual({ elements: 2, deadLetters: [] });
    expect(events.map(({ data }) => 'messageId' in data && data.messageId)).toEqual(['1^0', '2^0']);
    for (const event of events) {
      expectValidEvent(event.type, JSON.parse(encodeEvent(event).value));
      expect(event).toMatchObject({
        source: '/quittance/alibaba/main',
        receiptId: HEADERS['receipt-id'],
        time: HEADERS['observed-at'],
        data: { account: 'main', labels: { unit: 'retail' }, channel: 'sms', occurredAt: HEADERS['observed-at'] },
      });
    }
  });

  it('takes the time of reception where nothing was observed earlier', () => {
    const { events } = run(JSON.stringify(REPORT), { 'observed-at': undefined });
    expect(events.map(({ time }) => time)).toEqual([HEADERS['received-at']]);
  });

  it('lets a bad element go alone, with its own bytes and place', () => {
    const body = `[${JSON.stringify(REPORT)}, {"success":true} ,7]`;
    expect(run(body)).toMatchObject({
      elements: 3,
      events: [{}],
      deadLetters: [
        { code: 'FIELD_MISSING', element: 1, value: Buffer.from('{"success":true}') },
        { code: 'ELEMENT_NOT_OBJECT', element: 2, value: Buffer.from('7') },
      ],
    });
  });

  it('counts nothing in an empty array', () => {
    expect(run('[]')).toEqual({ events: [], deadLetters: [], elements: 0 });
  });

  it.each(['gzip', 'GZIP'])('unpacks %s, and cuts bad elements out of what was packed', (encoding) => {
    const body = gzipSync(JSON.stringify([REPORT, 'bad']));
    const { events, deadLetters } = run(body, { 'content-encoding': encoding });
    expect(events).toHaveLength(1);
    expect(deadLetters).toMatchObject([{ element: 1, value: Buffer.from('"bad"') }]);
  });

  it('keeps a packed body packed when it fails as a whole', () => {
    const body = gzipSync('[{"a"');
    expect(run(body, { 'content-encoding': 'gzip' }).deadLetters).toMatchObject([
      { code: 'BODY_NOT_JSON', element: null, value: body },
    ]);
  });

  it.each([
    ['no source', { source: undefined }, 'HEADERS_INVALID', 'source'],
    ['an empty source', { source: '' }, 'HEADERS_INVALID', 'source'],
    ['no receipt id', { 'receipt-id': undefined }, 'HEADERS_INVALID', 'receipt-id'],
    ['no time of reception', { 'received-at': undefined }, 'HEADERS_INVALID', 'received-at'],
    ['a time that is none', { 'received-at': 'noon' }, 'HEADERS_INVALID', 'received-at'],
    ['an observation at no time', { 'observed-at': '1783566093512' }, 'HEADERS_INVALID', 'observed-at'],
    ['a source nobody knows', { source: 'unknown' }, 'SOURCE_UNKNOWN', 'not in the configuration'],
    ['a source that every object has', { source: 'constructor' }, 'SOURCE_UNKNOWN', 'not in the configuration'],
    ['an encoding nobody knows', { 'content-encoding': 'zstd' }, 'ENCODING_UNSUPPORTED', ''],
    ['an encoding that is not there', { 'content-encoding': 'gzip' }, 'ENCODING_BROKEN', ''],
  ])('makes one dead letter, with the whole body, of %s', (_what, headers, code, detail) => {
    const body = JSON.stringify([REPORT, REPORT]);
    expect(run(body, headers)).toEqual({
      events: [],
      elements: 0,
      deadLetters: [{ code, detail: expect.stringContaining(detail), element: null, value: Buffer.from(body) }],
    });
  });

  it('makes a dead letter of a record without a value', () => {
    expect(run(null).deadLetters).toMatchObject([{ code: 'BODY_NOT_JSON', element: null, value: Buffer.alloc(0) }]);
  });

  it('refuses an event that no record can hold', () => {
    const body = JSON.stringify([REPORT, { ...REPORT, remark: 'x'.repeat(1_000_000) }]);
    const { events, deadLetters } = run(body);
    expect(events).toHaveLength(1);
    expect(deadLetters).toMatchObject([{ code: 'ELEMENT_TOO_LARGE', element: 1 }]);
  });

  it('gives the same output for the same input, and another identity under another namespace', () => {
    const body = JSON.stringify([REPORT]);
    expect(run(body)).toEqual(run(body));
    const others = settingsWith({ 'ali-sms-report': SMS_REPORT }, '0b2f3f2e-9a53-4c26-8a3e-4a1f6f2f8b77');
    expect(run(body, {}, others).events[0]?.id).not.toBe(run(body).events[0]?.id);
    expect(run(body, {}, others).events[0]?.subject).not.toBe(run(body).events[0]?.subject);
  });

  it('does not mix sources', () => {
    const settings = settingsWith({
      a: SMS_REPORT,
      b: { ...SMS_REPORT, account: 'second', labels: {}, timeZone: 'UTC' },
    });
    const body = JSON.stringify({ ...REPORT, report_time: '2026-07-09 03:00:00' });
    const [first, second] = ['a', 'b', 'a', 'b'].slice(2).map((source) => run(body, { source }, settings).events[0]);
    expect(first).toMatchObject({ time: '2026-07-08T19:00:00.000Z', data: { account: 'main' } });
    expect(second).toMatchObject({ time: '2026-07-09T03:00:00.000Z', data: { account: 'second', labels: {} } });
  });

  it('says nothing of people in its dead letters', () => {
    const body = JSON.stringify([
      { phone_number: '13800000001', content: 'my secret' },
      { biz_id: { x: '13800000001' } },
    ]);
    const details = run(body).deadLetters.map(({ code, detail }) => `${code} ${detail}`);
    expect(details).toHaveLength(2);
    expect(details.join()).not.toMatch(/138|secret/);
  });
});
