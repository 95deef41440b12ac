import { describe, expect, it } from '@jest/globals';
import { encodeEvent, isEventType, type CanonicalEvent } from './cloud-event.js';
import { dataSchema, EVENT_TYPES, schemaFile, type EventType } from './event-types.js';

const TYPES = Object.keys(EVENT_TYPES) as EventType[];

describe('event types', () => {
  it.each(TYPES)('%s has a name of its own kind, a schema file and a schema name', (type) => {
    expect(type).toMatch(/^io\.quittance\.[a-z]+\.[a-z-]+\.v1$/);
    expect(schemaFile(type)).toBe(`${type.replace('io.quittance.', '')}.schema.json`);
    expect(dataSchema(type)).toBe(`https://quittance.io/contracts/${schemaFile(type)}`);
    expect(isEventType(type)).toBe(true);
  });

  it.each(['', 'constructor', 'io.quittance.message.status-reported.v2'])('does not know %j', (type) => {
    expect(isEventType(type)).toBe(false);
  });
});

describe('encodeEvent', () => {
  const event = {
    id: 'b5b5a5a0-0000-5000-8000-000000000001',
    type: 'io.quittance.account.status-reported.v1',
    source: '/quittance/alibaba/main',
    subject: 'b5b5a5a0-0000-5000-8000-000000000002',
    time: '2026-07-09T03:01:34.000Z',
    receiptId: '0198f2c0-1111-7000-8000-000000000001',
    data: {
      provider: 'alibaba',
      account: 'main',
      channel: 'whatsapp',
      labels: {},
      subjectKey: 'b5b5a5a0-0000-5000-8000-000000000002',
      subject: { kind: 'phone-number', id: '1' },
      aspect: 'quality',
      value: 'GREEN',
      limit: null,
      reason: null,
      occurredAt: '2026-07-09T03:01:34.000Z',
      occurredAtFrom: 'provider',
      extra: { big: JSON.rawJSON('12345678901234567890') },
    },
  } satisfies CanonicalEvent<'io.quittance.account.status-reported.v1'>;

  it('writes a CloudEvent in binary mode', () => {
    const { key, value, headers } = encodeEvent(event);
    expect(key).toBe(event.subject);
    expect(value).toContain('"extra":{"big":12345678901234567890}');
    expect(headers).toEqual({
      ce_specversion: '1.0',
      ce_id: event.id,
      ce_source: event.source,
      ce_type: event.type,
      ce_subject: event.subject,
      ce_time: event.time,
      ce_dataschema: 'https://quittance.io/contracts/account.status-reported.v1.schema.json',
      ce_partitionkey: event.subject,
      ce_receiptid: event.receiptId,
      'content-type': 'application/json',
    });
    expect(encodeEvent(event, undefined, null, true).headers).toEqual({ ...headers, transport: 'redrive' });
  });
});
