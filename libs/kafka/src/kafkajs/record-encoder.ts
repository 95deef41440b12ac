/**
 * Encodes what a record says, its key, value and headers, as it stands in a record batch (magic 2):
 * https://kafka.apache.org/documentation/#record
 *
 * kafkajs gives every header and every record an encoder object with a growing buffer of its own, which makes it the
 * dearest part of the whole path. Here everything is written once, into memory that many records share, when the record
 * is handed over: what waits to be sent is bytes, and the objects that it was made of are garbage at once.
 */
import { murmur2 } from '../murmur2.js';
import { afterField, readField, readHeaders } from './record-decoder.js';

/** What a record says, as kafkajs' `recordBatch/record/v0` takes it. */
export interface RecordContent {
  readonly key: Buffer | string | null;
  readonly value: Buffer | string | null;
  readonly headers?: Readonly<Record<string, Buffer | string | readonly (Buffer | string)[]>>;
}

/**
 * A record as bytes, all but the few that its place in a batch decides. It passes through kafkajs as a message, as long
 * as `takesEncodedRecords` says so.
 */
export class EncodedRecord {
  /** Never looked at, but kafkajs refuses a message whose value is undefined. */
  readonly value = null;

  /**
   * @param memory holds the content from `start` to `end`
   * @param keyHash murmur2 of the key; null where there is none
   */
  constructor(
    readonly memory: SharedMemory,
    readonly start: number,
    readonly end: number,
    readonly keyHash: number | null,
  ) {}

  /** What was encoded, read back: a message as kafkajs itself encodes it. */
  toMessage(): { key: Buffer | null; value: Buffer | null; headers: Record<string, Buffer[]>; keyHash: number | null } {
    const { bytes } = this.memory;
    const valueAt = afterField(bytes, this.start);
    const headers: Record<string, Buffer[]> = {};
    for (const [name, values] of Object.entries(readHeaders(bytes, afterField(bytes, valueAt)))) {
      headers[name] = [values].flat().filter((value) => value !== null);
    }
    return { key: readField(bytes, this.start), value: readField(bytes, valueAt), headers, keyHash: this.keyHash };
  }
}

/** Memory that many records share. */
interface SharedMemory {
  readonly bytes: Buffer;
  /** How many of its records have not been released. */
  records: number;
}

const NO_HEADERS = {};

/** Holds some hundred records: smaller ones cost more allocations, larger ones are kept alive longer. Bytes. */
const SHARED_BYTES = 512 * 1024;
/** Holds what a busy producer has waiting: 8 MiB. */
const MAX_FREE = 16;
const free: SharedMemory[] = [];

let shared = newMemory(SHARED_BYTES);
/** Its bytes. */
let memory = shared.bytes;
let used = 0;

/** What `write...` answers when the memory is too small. */
const NO_ROOM = -1;
/** A length takes at most this many bytes. */
const LENGTH_BYTES = 5;

/** Where the key that was written last begins and ends. */
let keyStart = 0;
let keyEnd = 0;

/** Encodes a record's content. */
export function encodeRecord(content: RecordContent): EncodedRecord {
  let start = used;
  let end = writeContent(start, content);
  if (end === NO_ROOM) {
    useOtherMemory(content);
    start = 0;
    end = writeContent(0, content);
  }
  used = end;
  shared.records += 1;
  return new EncodedRecord(shared, start, end, content.key === null ? null : murmur2(memory, keyStart, keyEnd));
}

/**
 * Lets other records be written where this one stands. Only for one whose send has succeeded at the first attempt: after
 * any other the client may still be about to send it. Without this the engine collects the whole heap for every 100 MB of records; a tenth
 * of the CPU time.
 */
export function releaseRecord({ memory }: EncodedRecord): void {
  memory.records -= 1;
  if (memory !== shared) keepIfFree(memory);
}

function keepIfFree(memory: SharedMemory): void {
  if (memory.records === 0 && memory.bytes.length === SHARED_BYTES && free.length < MAX_FREE) free.push(memory);
}

function useOtherMemory(content: RecordContent): void {
  const room = roomFor(content);
  // First what may fail: memory that is kept as free must not stay in use.
  const other = (room <= SHARED_BYTES ? free.pop() : undefined) ?? newMemory(Math.max(SHARED_BYTES, room));
  keepIfFree(shared);
  shared = other;
  memory = shared.bytes;
}

function newMemory(bytes: number): SharedMemory {
  return { bytes: Buffer.allocUnsafeSlow(bytes), records: 0 };
}

/** Bytes that are enough for a content, whatever its texts hold: no unit of UTF-16 takes more than three. */
function roomFor({ key, value, headers = NO_HEADERS }: RecordContent): number {
  const roomForField = (field: Buffer | string | null): number => LENGTH_BYTES + 3 * (field?.length ?? 0);
  let room = roomForField(key) + roomForField(value) + LENGTH_BYTES;
  for (const [name, values] of Object.entries(headers)) {
    for (const single of isSingle(values) ? [values] : values) room += roomForField(name) + roomForField(single);
  }
  return room;
}

function writeContent(start: number, { key, value, headers = NO_HEADERS }: RecordContent): number {
  let at = writeField(start, key);
  if (at === NO_ROOM) return NO_ROOM;
  keyEnd = at;
  keyStart = key === null ? at : at - writtenBytes;
  at = writeField(at, value);
  if (at === NO_ROOM || at + LENGTH_BYTES > memory.length) return NO_ROOM;
  at = writeVarInt(memory, at, headerCount(headers));
  for (const name in headers) {
    const values = headers[name]!;
    if (isSingle(values)) {
      at = writeHeader(at, name, values);
    } else {
      for (const single of values) if (at !== NO_ROOM) at = writeHeader(at, name, single);
    }
    if (at === NO_ROOM) return NO_ROOM;
  }
  return at;
}

function isSingle(values: Buffer | string | readonly (Buffer | string)[]): values is Buffer | string {
  return typeof values === 'string' || Buffer.isBuffer(values);
}

function headerCount(headers: NonNullable<RecordContent['headers']>): number {
  let count = 0;
  for (const name in headers) {
    const values = headers[name]!;
    count += isSingle(values) ? 1 : values.length;
  }
  return count;
}

/**
 * A header's name, encoded once. Half of all headers say the same in every record, such as what a source is called: when
 * a value comes again, it is kept in encoded form, and from then on copied as one piece with its name.
 */
interface KnownHeader {
  readonly name: Buffer;
  lastValue: string | null;
  /** Name and `lastValue`. */
  whole: Buffer | null;
}

/** Bounded: names could come from outside. */
const knownHeaders = new Map<string, KnownHeader>();
const MAX_KNOWN_HEADERS = 1_000;
const MAX_KEPT_VALUE = 256;

function writeHeader(start: number, name: string, value: Buffer | string): number {
  let known = knownHeaders.get(name);
  if (known === undefined) {
    known = { name: sized(name), lastValue: null, whole: null };
    if (knownHeaders.size < MAX_KNOWN_HEADERS) knownHeaders.set(name, known);
  }
  if (typeof value === 'string' && value.length <= MAX_KEPT_VALUE) {
    if (value === known.lastValue) {
      known.whole ??= Buffer.concat([known.name, sized(value)]);
      return writeBytes(start, known.whole);
    }
    known.lastValue = value;
    known.whole = null;
  }
  const at = writeBytes(start, known.name);
  return at === NO_ROOM ? NO_ROOM : writeField(at, value);
}

/** A text with its length in front. */
function sized(text: string): Buffer {
  const bytes = Buffer.from(text);
  const head = Buffer.allocUnsafe(LENGTH_BYTES);
  return Buffer.concat([head.subarray(0, writeVarInt(head, 0, bytes.length)), bytes]);
}

function writeBytes(at: number, bytes: Buffer): number {
  const end = at + bytes.length;
  if (end > memory.length) return NO_ROOM;
  memory.set(bytes, at);
  return end;
}

/** How many bytes the field that was written last has, without its length. */
let writtenBytes = 0;

/** The length, then the bytes; null is a length of -1. */
function writeField(start: number, field: Buffer | string | null): number {
  if (field === null) return start < memory.length ? writeVarInt(memory, start, -1) : NO_ROOM;
  const { length } = field;
  if (typeof field !== 'string') {
    writtenBytes = length;
    return start + LENGTH_BYTES > memory.length ? NO_ROOM : writeBytes(writeVarInt(memory, start, length), field);
  }
  if (start + LENGTH_BYTES + 3 * length > memory.length) return NO_ROOM;
  // Nearly all text is ASCII, and then its length is known before it is written.
  const expected = start + varIntSize(length);
  writtenBytes = memory.write(field, expected, 'utf8');
  const at = start + varIntSize(writtenBytes);
  if (at !== expected) memory.copyWithin(at, expected, expected + writtenBytes);
  writeVarInt(memory, start, writtenBytes);
  return at + writtenBytes;
}

/** Bytes of a whole record in a batch. */
export function recordSize({ start, end }: EncodedRecord, offsetDelta: number): number {
  const size = bodySize(start, end, offsetDelta);
  return varIntSize(size) + size;
}

/**
 * Writes a whole record of a batch. Its time is the batch's.
 * @returns where the next one begins
 */
export function writeRecord(batch: Buffer, position: number, record: EncodedRecord, offsetDelta: number): number {
  const { start, end } = record;
  let at = writeVarInt(batch, position, bodySize(start, end, offsetDelta));
  batch[at++] = 0; // attributes
  batch[at++] = 0; // time, from that of the batch
  at = writeVarInt(batch, at, offsetDelta);
  record.memory.bytes.copy(batch, at, start, end);
  return at + end - start;
}

/** Of a record without the length in front of it. */
function bodySize(start: number, end: number, offsetDelta: number): number {
  return 2 + varIntSize(offsetDelta) + end - start;
}

function varIntSize(value: number): number {
  let rest = ((value << 1) ^ (value >> 31)) >>> 0;
  let size = 1;
  while (rest > 0x7f) {
    rest >>>= 7;
    size += 1;
  }
  return size;
}

function writeVarInt(buffer: Buffer, start: number, value: number): number {
  let rest = ((value << 1) ^ (value >> 31)) >>> 0;
  let at = start;
  while (rest > 0x7f) {
    buffer[at++] = (rest & 0x7f) | 0x80;
    rest >>>= 7;
  }
  buffer[at++] = rest;
  return at;
}
