import type { OutgoingRecord } from '#kafka';

/** A receipt as it lies in the spool. */
export interface StoredReceipt {
  /** Unix ms; when it was received. */
  readonly receivedAt: number;
  /** What `encodeReceipt` made. */
  readonly bytes: Uint8Array;
}

/** First byte of what is stored. A later layout gets another number, so that what an older version left can be read. */
const LAYOUT = 1;
const HEAD_AT = 5;

/**
 * A record as bytes: the layout, the length of the headers, the headers as JSON, the body untouched. The topic is left
 * out: what is drained goes where receipts go then.
 */
export function encodeReceipt({ headers, value }: OutgoingRecord): Buffer {
  const head = JSON.stringify(headers);
  const headLength = Buffer.byteLength(head);
  const bytes = Buffer.allocUnsafe(HEAD_AT + headLength + Buffer.byteLength(value));
  bytes.writeUInt8(LAYOUT, 0);
  bytes.writeUInt32LE(headLength, 1);
  bytes.write(head, HEAD_AT, 'utf8');
  if (typeof value === 'string') bytes.write(value, HEAD_AT + headLength, 'utf8');
  else value.copy(bytes, HEAD_AT + headLength);
  return bytes;
}

/** The record again, headers and body as they were; null: the layout is none that this version knows. */
export function decodeReceipt(stored: Uint8Array, topic: string): OutgoingRecord | null {
  const bytes = Buffer.from(stored.buffer, stored.byteOffset, stored.byteLength);
  if (bytes[0] !== LAYOUT) return null;
  const bodyAt = HEAD_AT + bytes.readUInt32LE(1);
  const headers = JSON.parse(bytes.toString('utf8', HEAD_AT, bodyAt)) as Record<string, string>;
  return { topic, key: null, value: bytes.subarray(bodyAt), headers };
}
