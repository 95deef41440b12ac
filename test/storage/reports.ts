import { encodeEvent, type CanonicalEvent, type MessageStatusReported } from '#contracts';
import { GroupCommitProducer, type OutgoingRecord } from '#kafka';
import { silentLogger } from '../system/silent-logger.js';
import type { Installation } from '../system/installation.js';

/** A UUID that ends in this number. */
export function uuid(number: number, kind = 0): string {
  return `00000000-0000-5000-${(0x8000 + kind).toString(16)}-${String(number).padStart(12, '0')}`;
}

/** What a report says, beside what all of them say. */
export interface Said extends Partial<MessageStatusReported> {
  /** Of several reports about a message, which. */
  readonly report?: number;
  readonly receiptId?: string;
}

/** A report about message number `message`, as the normaliser would publish it. */
export function report(
  message: number,
  { report: which = 0, receiptId = `receipt-${message}`, ...said }: Said = {},
): CanonicalEvent<'io.quittance.message.status-reported.v1'> {
  const messageKey = uuid(message);
  const occurredAt = said.occurredAt ?? '2026-07-09T03:01:33.000Z';
  return {
    id: uuid(message, which + 1),
    type: 'io.quittance.message.status-reported.v1',
    source: '/quittance/alibaba/main',
    subject: messageKey,
    time: occurredAt,
    receiptId,
    data: {
      provider: 'alibaba',
      account: 'main',
      channel: 'sms',
      labels: {},
      messageKey,
      messageId: `id-${message}`,
      sender: null,
      recipient: '+8613800000001',
      recipientRaw: '13800000001',
      recipientUserId: null,
      segment: null,
      segmentCount: null,
      status: 'delivered',
      final: true,
      reason: null,
      retry: null,
      reportedBy: 'carrier',
      providerStatus: 'true',
      providerCode: 'DELIVERED',
      providerDescription: null,
      reference: null,
      sentAt: null,
      occurredAt,
      occurredAtFrom: 'provider',
      mappingRevision: 1,
      extra: {},
      ...said,
    },
  };
}

/** Publishes events to the events topic; they are durable when it resolves. */
export async function publishEvents(
  installation: Installation,
  events: readonly CanonicalEvent[],
  {
    kafka = installation.kafka,
    headers = {},
  }: { kafka?: Installation['kafka']; headers?: OutgoingRecord['headers'] } = {},
): Promise<void> {
  const producer = new GroupCommitProducer({ kafka, logger: silentLogger });
  try {
    await producer.publishAll(
      events.map((event) => {
        const record = encodeEvent(event);
        return { topic: installation.topic('events.v1'), ...record, headers: { ...record.headers, ...headers } };
      }),
    );
  } finally {
    await producer.close();
  }
}
