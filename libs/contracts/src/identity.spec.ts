import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { v5 } from 'uuid';
import { changeId, Identity, noReceiptId } from './identity.js';

const NAMESPACE = '6f1d6a0e-2c0f-4a55-9b8e-0d7f1d1f5a11';
const identity = new Identity(NAMESPACE);

describe('Identity', () => {
  it.each([
    [
      'a message',
      identity.messageKey('alibaba', 'main', ['900000000000000001^0', '13800000001']),
      '531f4c23-2299-512b-95b3-87905f1d2ad0',
    ],
    ['a person', identity.personKey('sms', '+8613800000001'), '88994ccd-4bab-54ce-a814-b5a6ce86f001'],
    ['nobody', identity.personKey('sms', null), '017f5a34-cf49-5529-a30f-d9c7099141b9'],
    [
      'a review',
      identity.reviewKey('alibaba', 'main', 'sms-template', 'SMS_100000001'),
      '190a3467-3d94-59e9-940a-2c06113890e0',
    ],
    [
      'a subject',
      identity.subjectKey('alibaba', 'main', 'phone-number', '85260000001', 'quality'),
      '21f5b5d4-7aa0-5a77-a139-e8406e095db6',
    ],
    [
      'a fact',
      identity.eventId('io.quittance.message.originated.v1', 'alibaba', 'main', ['1', null]),
      'c4c3c90f-9355-561d-a218-93a89d921c12',
    ],
    ['a change', changeId('7f4064fb-4061-5999-afea-8b2677605370', 3), 'c961e211-f26f-5d24-bdd2-8a8938440690'],
  ])('of %s is for ever: another value here means that stored keys no longer match', (_what, key, expected) => {
    expect(key).toBe(expected);
  });

  it('makes UUIDs of version 5 as the standard says', () => {
    fc.assert(
      fc.property(fc.uuid(), fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (namespace, a, b) => {
        const name = JSON.stringify(['review', a, b, 'kind', 'id']);
        expect(new Identity(namespace).reviewKey(a, b, 'kind', 'id')).toBe(v5(name, namespace));
      }),
    );
    expect(changeId(NAMESPACE, 12)).toBe(v5('12', NAMESPACE));
  });

  it('never gives two lists of values the same key', () => {
    const value = fc.oneof(fc.string(), fc.constantFrom('', '","', '[', 'null', '\0'), fc.constant(null));
    fc.assert(
      fc.property(fc.array(value, { maxLength: 3 }), fc.array(value, { maxLength: 3 }), (a, b) => {
        const same = JSON.stringify(a) === JSON.stringify(b);
        expect(identity.messageKey('p', 'a', a) === identity.messageKey('p', 'a', b)).toBe(same);
      }),
    );
  });

  it('keeps kinds of keys apart', () => {
    const keys = [
      identity.messageKey('a', 'b', ['c', 'd']),
      identity.reviewKey('a', 'b', 'c', 'd'),
      identity.eventId('a', 'b', 'c', ['d']),
      identity.personKey('a', 'b'),
    ];
    expect(new Set(keys).size).toBe(keys.length);
  });

  it('knows one fact that no report came for each message, which is none of its changes', () => {
    const [one, two] = ['1', '2'].map((id) => identity.messageKey('p', 'a', [id]));
    expect(noReceiptId(one!)).toBe(noReceiptId(one!));
    expect(new Set([noReceiptId(one!), noReceiptId(two!), changeId(one!, 1), one]).size).toBe(4);
  });

  it('says nothing without the namespace', () => {
    const other = new Identity('0b2f3f2e-9a53-4c26-8a3e-4a1f6f2f8b77');
    expect(other.personKey('sms', '+8613800000001')).not.toBe(identity.personKey('sms', '+8613800000001'));
  });

  it.each(['', 'not-a-uuid', NAMESPACE.slice(1), `${NAMESPACE}00`])('refuses the namespace %j', (namespace) => {
    expect(() => new Identity(namespace)).toThrow(TypeError);
  });
});
