import { encodeEvent, Identity, type CanonicalEvent } from '#contracts';
import { isUnreadable, readReceipt, type ReadReceipt, type ReceiptContext, type ReceiptType } from '#providers';

/** What a source's configuration and a receipt's headers say, in all tests of providers. */
export const CONTEXT: ReceiptContext = {
  source: '/quittance/test/main',
  account: 'main',
  channel: 'whatsapp',
  labels: { unit: 'retail' },
  senders: new Map([
    ['8613100000008', { channel: 'whatsapp', labels: { brand: 'north' } }],
    ['viber-service-1', { channel: 'viber', labels: {} }],
    ['100000000000101', { channel: 'messenger', labels: {} }],
    ['17841400000000001', { channel: 'instagram', labels: {} }],
  ]),
  sendStatusOne: null,
  timeZone: 'Asia/Shanghai',
  identity: new Identity('6f1d6a0e-2c0f-4a55-9b8e-0d7f1d1f5a11'),
  receiptId: '0198f2c0-1111-7000-8000-000000000001',
  receivedAt: '2026-07-09T03:01:34.250Z',
  observedAt: '2026-07-09T03:01:33.512Z',
};

/** Large enough for everything but what is made to be too large. */
export const MAX_EVENT_BYTES = 900 * 1024;

/** Reads a body in the context of tests. */
export function read(type: ReceiptType, body: Buffer | string, context = CONTEXT): ReadReceipt {
  return readReceipt(type, Buffer.from(body), context, MAX_EVENT_BYTES);
}

/** The data of an event as a subscriber gets it: through JSON and back. */
export function dataOf(event: CanonicalEvent): Record<string, unknown> {
  return JSON.parse(encodeEvent(event).value) as Record<string, unknown>;
}

/** Maps one element and expects an event; its data as a subscriber gets it. */
export function dataFrom(type: ReceiptType, element: object, context = CONTEXT): Record<string, unknown> {
  return dataOf(eventFrom(type, element, context));
}

/** Maps one element and expects an event. */
export function eventFrom(type: ReceiptType, element: object, context = CONTEXT): CanonicalEvent {
  const outcome = type.map(element as Record<string, unknown>, context);
  if (isUnreadable(outcome)) throw new Error(`dead letter: ${outcome.code} ${outcome.detail}`);
  return outcome;
}
