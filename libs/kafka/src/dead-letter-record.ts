import { DEAD_LETTER_HEADERS, RECEIPT_HEADERS, type DeadLetterCode } from '#contracts';
import { recordOrigin, type IncomingRecord, type OutgoingRecord } from './records.js';

/** What a dead letter says beside what it came with. */
export interface DeadLetter {
  readonly code: DeadLetterCode;
  /** The shape of the problem, never content. */
  readonly detail: string;
  readonly stage: 'normaliser' | 'projector';
  /** Which element of the body failed, from 0; null: the whole record. */
  readonly element: number | null;
  /** The element's own bytes; null: the record's value. */
  readonly value: Buffer | null;
}

const MAX_DETAIL = 500;

/** A record for the dead-letters topic: the bytes that failed, the headers they came with, and why. */
export function deadLetterRecord(topic: string, record: IncomingRecord, letter: DeadLetter): OutgoingRecord {
  const headers: Record<string, string | Buffer> = {};
  for (const [name, value] of Object.entries(record.headers)) {
    const first = Array.isArray(value) ? value[0] : value;
    if (first !== undefined) headers[name] = first;
  }
  // An element was cut out of the unpacked body: unpacking it once more would break it.
  if (letter.element !== null) Reflect.deleteProperty(headers, RECEIPT_HEADERS.contentEncoding);
  headers[DEAD_LETTER_HEADERS.code] = letter.code;
  headers[DEAD_LETTER_HEADERS.detail] = letter.detail.slice(0, MAX_DETAIL);
  headers[DEAD_LETTER_HEADERS.stage] = letter.stage;
  headers[DEAD_LETTER_HEADERS.at] = new Date().toISOString();
  headers[DEAD_LETTER_HEADERS.origin] = recordOrigin(record);
  if (letter.element !== null) headers[DEAD_LETTER_HEADERS.element] = String(letter.element);
  return { topic, key: record.key, value: letter.value ?? record.value ?? Buffer.alloc(0), headers };
}
