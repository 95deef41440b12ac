import { describe, expect, it } from '@jest/globals';
import { deadLetterRecord, type DeadLetter } from './dead-letter-record.js';
import { encodeRecord } from './kafkajs/record-encoder.js';
import { MAX_RECORD_BYTES, wireSize } from './record-size.js';
import type { IncomingRecord } from './records.js';

const LETTER: DeadLetter = {
  code: 'BODY_NOT_JSON',
  detail: 'x',
  stage: 'normaliser',
  element: null,
  value: null,
  reader: '1.2.3/abc',
};

function record(changes: Partial<IncomingRecord> = {}): IncomingRecord {
  return {
    topic: 't',
    partition: 1,
    offset: '7',
    timestamp: 0,
    key: Buffer.from('k'),
    value: Buffer.from('v'),
    headers: { source: Buffer.from('s') },
    ...changes,
  };
}

function manyHeaders(count: number): Record<string, Buffer> {
  return Object.fromEntries(Array.from({ length: count }, (_, at) => [at.toString(36), Buffer.alloc(0)]));
}

describe('deadLetterRecord', () => {
  it('keeps what it came with and says why and where from', () => {
    const { key, value, headers } = deadLetterRecord('d', record(), LETTER);
    expect([key, value]).toEqual([Buffer.from('k'), Buffer.from('v')]);
    expect(headers).toMatchObject({
      source: Buffer.from('s'),
      'dead-letter-code': 'BODY_NOT_JSON',
      'dead-letter-origin': 't/1/7',
      'dead-letter-stage': 'normaliser',
      'dead-letter-reader': '1.2.3/abc',
    });
  });

  it('holds an element without the encoding of the body that it was cut out of', () => {
    const packed = record({ headers: { 'content-encoding': Buffer.from('gzip') } });
    const element = { ...LETTER, element: 0, value: Buffer.from('{}') };
    expect(deadLetterRecord('d', packed, LETTER).headers).toHaveProperty('content-encoding');
    expect(deadLetterRecord('d', packed, element).headers).not.toHaveProperty('content-encoding');
  });

  it('bears headers without a value, and a record without one', () => {
    const odd = record({ value: null, headers: { empty: null, twice: [Buffer.from('a'), Buffer.from('b')] } });
    const { value, headers } = deadLetterRecord('d', odd, LETTER);
    expect(value).toEqual(Buffer.alloc(0));
    expect(headers.twice).toEqual(Buffer.from('a'));
    expect(headers).not.toHaveProperty('empty');
  });

  it.each([
    ['a value', record({ value: Buffer.alloc(1_048_000) })],
    ['headers', record({ headers: { huge: Buffer.alloc(900_000), small: Buffer.from('x') } })],
    ['many headers', record({ value: Buffer.alloc(949_000), headers: manyHeaders(15_000) })],
    [
      'names of headers',
      record({ value: Buffer.alloc(900_000), headers: { ['名'.repeat(33_000)]: Buffer.from('x') } }),
    ],
    ['a key', record({ key: Buffer.alloc(999_900) })],
    ['a key and a value', record({ key: Buffer.alloc(40_000), value: Buffer.alloc(949_000) })],
  ])('can always be written, also where %s could not', (_what, large) => {
    expect(wireSize(encodeRecord(deadLetterRecord('d', large, LETTER)))).toBeLessThan(MAX_RECORD_BYTES);
  });

  it('leaves out a key that does not fit, and says so', () => {
    const detail = 'x'.repeat(1_000);
    const { key, value, headers } = deadLetterRecord('d', record({ key: Buffer.alloc(999_900) }), {
      ...LETTER,
      detail,
    });
    expect([key, value]).toEqual([null, Buffer.from('v')]);
    expect(headers['dead-letter-detail']).toMatch(/^x{400,}; a key of 999900 bytes is left out$/);
    expect(headers.source).toEqual(Buffer.from('s'));
  });

  it('keeps the headers for which there is room', () => {
    const large = record({ headers: { huge: Buffer.alloc(900_000), small: Buffer.from('x') } });
    const { headers } = deadLetterRecord('d', large, LETTER);
    expect(headers).not.toHaveProperty('huge');
    expect(headers.small).toEqual(Buffer.from('x'));
  });

  it('says that a value was left where it is', () => {
    const { headers } = deadLetterRecord('d', record({ value: Buffer.alloc(1_048_000) }), LETTER);
    expect(headers['dead-letter-detail']).toBe('x; 1048000 bytes, left at the origin');
  });
});
