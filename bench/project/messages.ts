import { createHash } from 'node:crypto';
import { Identity, type CanonicalEvent } from '#contracts';
import { PROVIDERS, readReceipt, type ReceiptContext } from '#providers';

/** What providers report about a message, one after the other, and what becomes of it. */
export interface Course {
  readonly reports: readonly ('Sent' | 'Delivered' | 'Read' | 'Failed')[];
  readonly status: string;
  readonly conflict: boolean;
}

/** Message number n takes course n modulo their number. */
const COURSES: readonly [Course, ...Course[]] = [
  { reports: ['Delivered'], status: 'delivered', conflict: false },
  { reports: ['Sent', 'Delivered', 'Read'], status: 'read', conflict: false },
  { reports: ['Delivered'], status: 'delivered', conflict: false },
  { reports: ['Sent', 'Failed'], status: 'failed', conflict: false },
  { reports: ['Delivered', 'Failed'], status: 'delivered', conflict: true },
];

/** Every message is sent, delivered and read: what an update costs is measured with these. */
export const READ_IN_THE_END: Course = { reports: ['Sent', 'Delivered', 'Read'], status: 'read', conflict: false };

/** Which way a copy of a report came. The last two are what providers and a crash repeat. */
export type Copy = 'first' | 'pushed again' | 'from the queue' | 'normalised again';

const SENT_AT = Date.UTC(2026, 10, 20);
const RECEIVED_AT = Date.UTC(2026, 10, 21);
const IDENTITY = new Identity('6f1d6a0e-2c0f-4a55-9b8e-0d7f1d1f5a11');
const CHAT_APP_STATUS = PROVIDERS.alibaba!.receiptTypes.ChatAppStatus!;
const MAX_EVENT_BYTES = 900 * 1024;

export function courseOf(message: number): Course {
  return COURSES[message % COURSES.length] ?? COURSES[0];
}

/** The id that the provider gives message number n. */
export function messageId(message: number): string {
  return `2026112000${String(message).padStart(10, '0')}`;
}

/** When report `step` of a message happened: the message's own second, and one more for each step. Unix ms. */
export function occurredAt(message: number, step: number): number {
  return SENT_AT + (message % 86_400) * 1_000 + step * 1_000;
}

/**
 * The key of message number n. Not made from what identifies it, as the normaliser does it, but so that Postgres can
 * make the same one when a table is filled; the projector sees no difference.
 */
export function messageKey(message: number): string {
  const hex = createHash('md5').update(`message ${message}`).digest('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}

/** Report `step` of a course as the event that the normaliser makes of it: read and mapped by the provider's own functions. */
export function reportEvent(
  message: number,
  step: number,
  copy: Copy = 'first',
  course = courseOf(message),
): CanonicalEvent {
  const recipient = `86139${String(message % 100_000_000).padStart(8, '0')}`;
  const receipt = {
    Status: course.reports[step],
    From: '8613100000008',
    To: recipient,
    Timestamp: occurredAt(message, step),
    MessageId: messageId(message),
    TaskId: `order-${message}`,
    ...(course.reports[step] === 'Failed'
      ? { ErrorCode: '131026', ErrorDescription: '131026:Receiver is incapable' }
      : {}),
    // What only one of the two doors tells.
    ...(copy === 'from the queue' ? { ConversationId: `c0ffee${message}` } : { TemplateCode: '820000000000000001' }),
  };
  const { events } = readReceipt(
    CHAT_APP_STATUS,
    Buffer.from(JSON.stringify(receipt)),
    context(message, step, copy),
    MAX_EVENT_BYTES,
  );
  const event = events[0]!;
  const key = messageKey(message);
  return {
    ...event,
    subject: key,
    rawPosition: `bench.raw-receipts.v1/${message % 6}/${message * 8 + step}`,
    data: { ...event.data, messageKey: key },
  };
}

function context(message: number, step: number, copy: Copy): ReceiptContext {
  const later = copy === 'pushed again' ? 60_000 : copy === 'from the queue' ? 5_000 : 0;
  const receivedAt = RECEIVED_AT + (message % 86_400) * 1_000 + step * 1_000 + later;
  const received = new Date(receivedAt).toISOString();
  const time = receivedAt.toString(16).padStart(12, '0');
  return {
    source: '/quittance/alibaba/main',
    account: 'main',
    channel: 'whatsapp',
    labels: { unit: 'retail' },
    senders: new Map(),
    sendStatusOne: null,
    timeZone: 'Asia/Shanghai',
    identity: IDENTITY,
    receiptId: `${time.slice(0, 8)}-${time.slice(8)}-7${String(step).padStart(3, '0')}-8000-${String(message).padStart(12, '0')}`,
    receivedAt: received,
    observedAt: received,
  };
}
