import { DEAD_LETTER_HEADERS, RECEIPT_HEADERS, type DeadLetterCode } from '#contracts';
import { MAX_RECORD_BYTES } from './record-size.js';
import { firstValue, recordOrigin, type IncomingRecord, type OutgoingRecord } from './records.js';

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
  /** What gave up: version and configuration, as it tells its consumer group. */
  readonly reader: string;
  /** The record is another system's: its key and headers may say who somebody is, and are left where they are. */
  readonly foreign?: boolean;
  /** What a broker takes of the value, where it was found to be less than usual. Bytes. */
  readonly maxValueBytes?: number;
}

/** How the detail of a letter ends whose bytes no record can hold. */
export const LEFT_AT_ORIGIN = 'bytes, left at the origin';

const MAX_DETAIL = 500;
/** Headers of our own records take a kilobyte or two; of others' no more is kept. */
const MAX_HEADERS_BYTES = 40_000;
const MAX_VALUE_BYTES = MAX_RECORD_BYTES - MAX_HEADERS_BYTES - 10_000;

/** A record for the dead-letters topic: the bytes that failed, the headers they came with, and why. */
export function deadLetterRecord(topic: string, record: IncomingRecord, letter: DeadLetter): OutgoingRecord {
  const headers: Record<string, string | Buffer> = {};
  let room = MAX_HEADERS_BYTES;
  const key = letter.foreign ? null : record.key;
  for (const [name, value] of Object.entries(letter.foreign ? {} : record.headers)) {
    const first = firstValue(value);
    if (first === undefined || first === null) continue;
    room -= name.length + first.length;
    if (room >= 0) headers[name] = first;
  }
  // An element was cut out of the unpacked body: unpacking it once more would break it.
  if (letter.element !== null) Reflect.deleteProperty(headers, RECEIPT_HEADERS.contentEncoding);
  headers[DEAD_LETTER_HEADERS.code] = letter.code;
  headers[DEAD_LETTER_HEADERS.detail] = letter.detail.slice(0, MAX_DETAIL);
  headers[DEAD_LETTER_HEADERS.stage] = letter.stage;
  headers[DEAD_LETTER_HEADERS.reader] = letter.reader;
  headers[DEAD_LETTER_HEADERS.at] = new Date().toISOString();
  headers[DEAD_LETTER_HEADERS.origin] = recordOrigin(record);
  if (letter.element !== null) headers[DEAD_LETTER_HEADERS.element] = String(letter.element);
  const value = letter.value ?? record.value ?? Buffer.alloc(0);
  if (value.length <= Math.min(letter.maxValueBytes ?? Infinity, MAX_VALUE_BYTES)) {
    return { topic, key, value, headers };
  }
  // What no record can hold is left where it is: the origin says where, and a letter that cannot be written would stop
  // the partition for ever.
  headers[DEAD_LETTER_HEADERS.detail] = `${letter.detail}; ${value.length} ${LEFT_AT_ORIGIN}`.slice(-MAX_DETAIL);
  return { topic, key, value: Buffer.alloc(0), headers };
}
