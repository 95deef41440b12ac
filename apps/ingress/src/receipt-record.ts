import { isIP } from 'node:net';
import type { IncomingHttpHeaders } from 'node:http';
import type { AuthenticatedBy } from '#contracts';
import { RECEIPT_HEADERS as NAMES } from '#contracts';
import type { OutgoingRecord } from '#kafka';
import { plainAddress } from '#runtime';
import type { Source } from '#runtime';
import { messageBody } from './mns/message-body.js';
import type { QueueMessage } from './mns/mns-queue.js';
import { newReceiptId } from './receipt-id.js';

/** What every record of a source has in common. */
export interface RecordTemplate {
  readonly topic: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** What is different for each receipt that is pushed. */
export interface Arrival {
  /** As the provider wrote them, before anybody changed one. */
  readonly contentType: string | undefined;
  readonly contentEncoding: IncomingHttpHeaders['content-encoding'];
  readonly remoteAddress: string;
}

/** The part of a record that the source decides. */
export function recordTemplate(
  source: Source,
  transport: 'http' | 'mns',
  authenticatedBy: AuthenticatedBy,
  topic: string,
): RecordTemplate {
  return {
    topic,
    headers: {
      [NAMES.source]: source.id,
      [NAMES.provider]: source.provider,
      [NAMES.account]: source.account,
      [NAMES.receiptType]: source.receipt,
      ...(source.channel === null ? {} : { [NAMES.channel]: source.channel }),
      [NAMES.transport]: transport,
      [NAMES.authenticatedBy]: authenticatedBy,
    },
  };
}

/** A pushed receipt as a record: the body untouched, no key, so that load spreads over all partitions. */
export function receiptRecord(template: RecordTemplate, arrival: Arrival, body: Buffer): OutgoingRecord {
  const now = timestamp(Date.now());
  const headers: Record<string, string> = {
    [NAMES.receiptId]: newReceiptId(),
    ...template.headers,
    [NAMES.receivedAt]: now,
    [NAMES.observedAt]: now,
    [NAMES.contentType]: arrival.contentType ?? '',
    [NAMES.remoteAddress]: addressText(arrival.remoteAddress),
  };
  if (arrival.contentEncoding !== undefined) headers[NAMES.contentEncoding] = arrival.contentEncoding;
  return { topic: template.topic, key: null, value: body, headers };
}

/** A receipt from a queue as a record. It was first seen when it was put into the queue. */
export function queueRecord(template: RecordTemplate, message: QueueMessage): OutgoingRecord {
  const now = Date.now();
  const { bytes, encoding } = messageBody(message.body);
  const headers = {
    [NAMES.receiptId]: newReceiptId(),
    ...template.headers,
    [NAMES.receivedAt]: timestamp(now),
    [NAMES.observedAt]: instantText(message.enqueuedAt) ?? timestamp(now),
    [NAMES.mnsMessageId]: message.messageId,
    [NAMES.mnsDequeueCount]: String(message.dequeueCount),
    [NAMES.mnsBodyEncoding]: encoding,
  };
  return { topic: template.topic, key: null, value: bytes, headers };
}

/** RFC 3339 with four digits of the year; null for what is no moment or no such year. */
function instantText(unixMs: number | null): string | null {
  return unixMs !== null && unixMs < Date.UTC(10_000, 0) ? new Date(unixMs).toISOString() : null;
}

/** A proxy may forward anything as an address: what is none does not become a header. */
function addressText(address: string): string {
  const plain = plainAddress(address);
  return isIP(plain) === 0 ? '' : plain;
}

let lastMoment = 0;
let lastText = '';

/** RFC 3339, UTC, milliseconds. Under load many receipts share a millisecond, and making the text is not cheap. */
function timestamp(moment: number): string {
  if (moment !== lastMoment) {
    lastMoment = moment;
    lastText = new Date(moment).toISOString();
  }
  return lastText;
}
