import { createHash } from 'node:crypto';
import type { Waiting } from './visibility-heap.js';

/** A message as a queue keeps it. Times in Unix ms. */
export interface StoredMessage extends Waiting {
  /** Of its queue, from 1. */
  readonly sequence: number;
  /** As it was sent. Emptied when the message has gone. */
  body: string;
  /** 1 (first) to 16. */
  readonly priority: number;
  readonly enqueueTime: number;
  /** 0 before the first receive. */
  firstDequeueTime: number;
  dequeueCount: number;
  state: 'active' | 'inactive' | 'delayed' | 'gone';
  /** The handle that deletes it now; null while it is not inactive. */
  receiptHandle: string | null;
  readonly onDeleted: (() => void) | null;
}

/** A message as a consumer is given it. */
export interface ReceivedMessage {
  readonly messageId: string;
  readonly body: string;
  readonly bodyMd5: string;
  readonly enqueueTime: number;
  readonly firstDequeueTime: number;
  readonly dequeueCount: number;
  readonly priority: number;
  /** Null of one that was only peeked at. */
  readonly receiptHandle: string | null;
  /** Null of one that was only peeked at. */
  readonly nextVisibleTime: number | null;
}

/** The part of the vendor's store that plays the queue; it stands in every id and handle as seen in published samples. */
const PARTITION = 2;
const PARTITION_BASE = PARTITION * 2 ** 32;
const HANDLE = /^\d+-\d+-\d+-\d+$/;

/**
 * Shape of published messages: 16 hexadecimal digits, a number, the enqueue time in hexadecimal ms, and a count.
 * @param queueId 16 upper-case hexadecimal digits
 */
export function messageIdOf(queueId: string, enqueueTime: number, sequence: number): string {
  return `${queueId}-${PARTITION}-${hex(enqueueTime)}-${hex(PARTITION_BASE + sequence)}`;
}

/**
 * Shape of published handles: `1-` and, in Base64, a number, the next visible second, the partition and the priority.
 * @param receive a number that no other handle of the queue has
 * @param nextVisibleTime Unix ms, a whole second
 */
export function receiptHandleOf(receive: number, nextVisibleTime: number, priority: number): string {
  const content = `${PARTITION_BASE + receive}-${nextVisibleTime / 1000}-${PARTITION}-${priority}`;
  return `1-${Buffer.from(content, 'latin1').toString('base64')}`;
}

/** Whether a text could have been a handle once. */
export function isReceiptHandle(text: string): boolean {
  return text.startsWith('1-') && HANDLE.test(Buffer.from(text.slice(2), 'base64').toString('latin1'));
}

/** MD5 over the body as it is transmitted: 32 upper-case hexadecimal digits. */
export function bodyMd5(body: string): string {
  return createHash('md5').update(body, 'utf8').digest('hex').toUpperCase();
}

function hex(value: number): string {
  return value.toString(16).toUpperCase();
}
