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
/** Key and headers of our own records take a kilobyte or two; of others' no more is kept. */
const MAX_KEY_AND_HEADERS_BYTES = 40_000;
/** What the lengths of a header's name and value take at most. Bytes. */
const HEADER_LENGTHS_BYTES = 10;
const MAX_VALUE_BYTES = MAX_RECORD_BYTES - MAX_KEY_AND_HEADERS_BYTES - 10_000;

/**
 * A record for the dead-letters topic: the bytes that failed, the key and the headers they came with, and why. What no
 * record can hold is left where it is: the origin says where, and a letter that cannot be written would stop the
 * partition for ever.
 */
export function deadLetterRecord(topic: string, record: IncomingRecord, letter: DeadLetter): OutgoingRecord {
  const headers: Record<string, string | Buffer> = {};
  const notes: string[] = [];
  let room = MAX_KEY_AND_HEADERS_BYTES;
  let key = letter.foreign ? null : record.key;
  if (key !== null && key.length > room) {
    notes.push(`a key of ${key.length} bytes is left out`);
    key = null;
  }
  room -= key?.length ?? 0;
  for (const [name, value] of Object.entries(letter.foreign ? {} : record.headers)) {
    const first = firstValue(value);
    if (first === undefined || first === null) continue;
    const bytes = Buffer.byteLength(name) + Buffer.byteLength(first) + HEADER_LENGTHS_BYTES;
    if (bytes > room) continue;
    room -= bytes;
    headers[name] = first;
  }
  // An element was cut out of the unpacked body: unpacking it once more would break it.
  if (letter.element !== null) Reflect.deleteProperty(headers, RECEIPT_HEADERS.contentEncoding);
  headers[DEAD_LETTER_HEADERS.code] = letter.code;
  headers[DEAD_LETTER_HEADERS.stage] = letter.stage;
  headers[DEAD_LETTER_HEADERS.reader] = letter.reader;
  headers[DEAD_LETTER_HEADERS.at] = new Date().toISOString();
  headers[DEAD_LETTER_HEADERS.origin] = recordOrigin(record);
  if (letter.element !== null) headers[DEAD_LETTER_HEADERS.element] = String(letter.element);
  let value = letter.value ?? record.value ?? Buffer.alloc(0);
  if (value.length > Math.min(letter.maxValueBytes ?? Infinity, MAX_VALUE_BYTES)) {
    notes.push(`${value.length} ${LEFT_AT_ORIGIN}`);
    value = Buffer.alloc(0);
  }
  headers[DEAD_LETTER_HEADERS.detail] = withNotes(letter.detail, notes);
  return { topic, key, value, headers };
}

/** The detail, shortened where it must be, and then the notes, whole. */
function withNotes(detail: string, notes: readonly string[]): string {
  const added = notes.map((note) => `; ${note}`).join('');
  return detail.slice(0, MAX_DETAIL - added.length) + added;
}
