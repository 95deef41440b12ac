import { RecordTooLargeError } from './errors.js';
import { encodeRecord, type EncodedRecord } from './kafkajs/record-encoder.js';
import { MAX_RECORD_BYTES, wireSize } from './record-size.js';
import type { OutgoingRecord } from './records.js';

/** A record that waits to be sent, as bytes. */
export interface Waiting {
  readonly topic: string;
  readonly record: EncodedRecord;
  readonly size: number;
  readonly expiresAt: number;
  readonly resolve: () => void;
  readonly reject: (reason: Error) => void;
}

/** What becomes of a record. */
type Settling = Pick<Waiting, 'expiresAt' | 'resolve' | 'reject'>;

/**
 * What `number` records share that are one thing to whoever waits for them. A function of its own, so that nothing here
 * holds on to the records: they must not outlive their encoding, or the garbage collection copies them.
 */
export function countdown(number: number, expiresAt: number): Settling & { readonly done: Promise<void> } {
  let resolve!: () => void;
  let reject!: (reason: Error) => void;
  const done = new Promise<void>((...settle) => ([resolve, reject] = settle));
  let missing = number;
  const oneDone = (): void => {
    missing -= 1;
    if (missing === 0) resolve();
  };
  return { done, expiresAt, resolve: oneDone, reject };
}

/** A record as it will be sent, or why it never can be. */
export function encode(
  record: OutgoingRecord,
  { expiresAt, resolve, reject }: Settling,
): Waiting | RecordTooLargeError {
  const { topic, value } = record;
  const tooLarge = (bytes: number): RecordTooLargeError =>
    new RecordTooLargeError({ topic, valueBytes: Buffer.byteLength(value) }, bytes, MAX_RECORD_BYTES);
  // No text has fewer bytes than units: what is far too large is not copied first.
  if (value.length > MAX_RECORD_BYTES) return tooLarge(value.length);
  const encoded = encodeRecord(record);
  const size = wireSize(encoded);
  if (size > MAX_RECORD_BYTES) return tooLarge(size);
  return { topic, record: encoded, size, expiresAt, resolve, reject };
}
