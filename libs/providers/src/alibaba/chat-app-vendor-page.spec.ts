import { describe, expect, it } from '@jest/globals';
import type { ReceiptType } from '#providers';
import { CONTEXT, read } from '../../../../test/providers/read.js';
import { chatAppAudit } from './chat-app-audit.js';
import { chatAppInbound } from './chat-app-inbound.js';
import { chatAppStatus } from './chat-app-status.js';
import { alibaba } from './provider.js';

/**
 * "Configure message receipts" of Chat App Message Service, sentence by sentence:
 * https://www.alibabacloud.com/help/en/chatapp/developer-reference/configure-message-receipts, edition of 28 October 2024.
 * The page has no payloads; those are in the specs and fixtures of each receipt.
 */
const STATUS = {
  MessageId: '1',
  From: '8613100000008',
  To: '8613800000001',
  Status: 'Delivered',
  MsgFrameType: 'message',
};
const INBOUND = {
  MessageId: '1',
  From: '8613800000001',
  To: '8613100000008',
  Type: 'TEXT',
  Message: 'hi',
  DisplayName: 'x',
};
const AUDIT = { WabaId: '100000000000001', TemplateCode: '82', Language: 'en', AuditStatus: 'pass' };

const RECEIPTS: [string, ReceiptType, object, string][] = [
  ['ChatAppInbound', chatAppInbound, INBOUND, 'io.quittance.message.originated.v1'],
  ['ChatAppStatus', chatAppStatus, STATUS, 'io.quittance.message.status-reported.v1'],
  ['ChatAppAudit', chatAppAudit, AUDIT, 'io.quittance.review.status-reported.v1'],
];

describe('vendor page "Configure message receipts"', () => {
  it.each(RECEIPTS)('"types of message receipts": %s is one, answered within its 3 s', (name, type, element, event) => {
    expect(alibaba.receiptTypes[name]).toBe(type);
    expect(type.deadline).toBeLessThan(3000);
    expect(read(type, JSON.stringify(element)).events.map((one) => one.type)).toEqual([event]);
  });

  it.each(RECEIPTS)(
    '"may be repeatedly pushed", "idempotence cannot be guaranteed": %s keeps its id',
    (_name, type, element) => {
      const [first, again] = read(type, JSON.stringify([element, element])).events;
      expect(again).toEqual(first);
      const repeated = read(type, JSON.stringify(element), { ...CONTEXT, receiptId: 'another', receivedAt: 'later' });
      expect(repeated.events.map(({ id }) => id)).toEqual([first?.id]);
    },
  );

  it.each(RECEIPTS)(
    '"SMQ queues or HTTP URLs": %s is the same fact from a queue, alone, and in a push',
    (_name, type, element) => {
      const [alone] = read(type, JSON.stringify(element)).events;
      expect(read(type, JSON.stringify([element])).events).toEqual([alone]);
    },
  );

  it.each([
    ['"Number management for a WhatsApp channel"', '8613100000008', 'whatsapp'],
    ['"Service ID management for a Viber channel"', 'viber-service-1', 'viber'],
    ['"Public Homepage for a Messenger channel"', '100000000000101', 'messenger'],
    ['"Professional Account for an Instagram channel"', '17841400000000001', 'instagram'],
  ])('%s: what the sender is, says the channel', (_what, business, channel) => {
    const events = [
      ...read(chatAppStatus, JSON.stringify({ ...STATUS, From: business })).events,
      ...read(chatAppInbound, JSON.stringify({ ...INBOUND, To: business })).events,
    ];
    expect(events.map(({ data }) => data.channel)).toEqual([channel, channel]);
  });

  it('"callback URLs for MT message receipts and MO messages": a receipt at the URL of another is no event', () => {
    for (const [name, , element] of RECEIPTS) {
      for (const [, type] of RECEIPTS.filter(([other]) => other !== name)) {
        expect(read(type, JSON.stringify(element))).toMatchObject({
          events: [],
          deadLetters: [{ code: 'RECEIPT_TYPE_MISMATCH', detail: `the element is a ${name}` }],
        });
      }
    }
  });
});
