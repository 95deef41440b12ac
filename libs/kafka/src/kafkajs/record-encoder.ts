/**
 * Encodes one record of a record batch (magic 2): https://kafka.apache.org/documentation/#record
 *
 * kafkajs gives every header and every record an encoder object with a growing buffer of its own, which makes it the
 * dearest part of the whole path. Here the size is computed first and everything is written once, into a buffer that
 * the caller has.
 */

/** The arguments of kafkajs' `recordBatch/record/v0`. */
export interface RecordFields {
  readonly offsetDelta?: number;
  readonly timestampDelta?: number;
  readonly key: Buffer | string | null;
  readonly value: Buffer | string | null;
  readonly headers?: Readonly<Record<string, Buffer | string | readonly (Buffer | string)[]>>;
}

/** The part of kafkajs' Encoder that its callers touch. */
export interface EncodedRecord {
  readonly buf: Buffer;
  readonly buffer: Buffer;
}

const NO_HEADERS = {};

/** Header names are few and always the same: each is encoded, with its length, once. Bounded, names could come from outside. */
const headerNames = new Map<string, Buffer>();
const MAX_HEADER_NAMES = 1_000;

/** The same shape as the kafkajs module that it replaces: a function of the record's fields. */
export function encodeRecord(fields: RecordFields): EncodedRecord {
  const size = recordBodySize(fields);
  const buffer = Buffer.allocUnsafe(recordSize(size));
  writeRecord(buffer, 0, fields, size);
  return { buf: buffer, buffer };
}

/** Bytes of a record without the length in front of it. */
export function recordBodySize({
  offsetDelta = 0,
  timestampDelta = 0,
  key,
  value,
  headers = NO_HEADERS,
}: RecordFields): number {
  let headerCount = 0;
  let headersSize = 0;
  for (const name in headers) {
    const values = headers[name]!;
    const nameSize = headerName(name).length;
    if (typeof values === 'string' || Buffer.isBuffer(values)) {
      headerCount += 1;
      headersSize += nameSize + sizedLength(Buffer.byteLength(values));
    } else {
      for (const single of values) {
        headerCount += 1;
        headersSize += nameSize + sizedLength(Buffer.byteLength(single));
      }
    }
  }
  return (
    1 + // attributes
    varLongSize(timestampDelta) +
    varIntSize(offsetDelta) +
    (key === null ? 1 : sizedLength(Buffer.byteLength(key))) +
    (value === null ? 1 : sizedLength(Buffer.byteLength(value))) +
    varIntSize(headerCount) +
    headersSize
  );
}

/** Bytes of a record with the length in front of it. */
export function recordSize(bodySize: number): number {
  return varIntSize(bodySize) + bodySize;
}

/**
 * Writes a record.
 * @param bodySize what `recordBodySize` says of it
 * @returns where the next one begins
 */
export function writeRecord(
  buffer: Buffer,
  start: number,
  { offsetDelta = 0, timestampDelta = 0, key, value, headers = NO_HEADERS }: RecordFields,
  bodySize: number,
): number {
  let at = writeVarInt(buffer, start, bodySize);
  buffer[at++] = 0;
  at = writeVarLong(buffer, at, timestampDelta);
  at = writeVarInt(buffer, at, offsetDelta);
  at = writeBytes(buffer, at, key);
  at = writeBytes(buffer, at, value);
  at = writeVarInt(buffer, at, headerCount(headers));
  for (const name in headers) {
    const values = headers[name]!;
    if (typeof values === 'string' || Buffer.isBuffer(values)) {
      at = writeHeader(buffer, at, name, values);
    } else {
      for (const single of values) at = writeHeader(buffer, at, name, single);
    }
  }
  return at;
}

function headerCount(headers: NonNullable<RecordFields['headers']>): number {
  let count = 0;
  for (const name in headers) {
    const values = headers[name]!;
    count += typeof values === 'string' || Buffer.isBuffer(values) ? 1 : values.length;
  }
  return count;
}

function headerName(name: string): Buffer {
  const cached = headerNames.get(name);
  if (cached) return cached;
  const length = Buffer.byteLength(name);
  const encoded = Buffer.allocUnsafe(sizedLength(length));
  encoded.write(name, writeVarInt(encoded, 0, length));
  if (headerNames.size < MAX_HEADER_NAMES) headerNames.set(name, encoded);
  return encoded;
}

function writeHeader(buffer: Buffer, start: number, name: string, value: Buffer | string): number {
  const encodedName = headerName(name);
  let at = start;
  // Names are short: a loop is cheaper than the call into the runtime that `copy` and `set` make.
  for (const byte of encodedName) buffer[at++] = byte;
  return writeBytes(buffer, at, value);
}

/** The length, then the bytes; null is a length of -1. */
function writeBytes(buffer: Buffer, start: number, value: Buffer | string | null): number {
  if (value === null) return writeVarInt(buffer, start, -1);
  if (typeof value !== 'string') {
    const at = writeVarInt(buffer, start, value.length);
    buffer.set(value, at);
    return at + value.length;
  }
  const length = Buffer.byteLength(value);
  let at = writeVarInt(buffer, start, length);
  // As with names: nothing but ASCII, and short.
  if (length === value.length && length < 48) {
    for (let i = 0; i < length; i++) buffer[at++] = value.charCodeAt(i);
    return at;
  }
  return at + buffer.write(value, at, length, 'utf8');
}
/** Size of a field of `length` bytes together with its length. */
function sizedLength(length: number): number {
  return varIntSize(length) + length;
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

/** Zigzag of a safe integer may need 54 bits: kept as a double and taken apart by division. */
function zigZagLong(value: number): number {
  return value >= 0 ? value * 2 : -value * 2 - 1;
}

function varLongSize(value: number): number {
  let rest = zigZagLong(value);
  let size = 1;
  while (rest > 0x7f) {
    rest = Math.floor(rest / 128);
    size += 1;
  }
  return size;
}

function writeVarLong(buffer: Buffer, start: number, value: number): number {
  let rest = zigZagLong(value);
  let at = start;
  while (rest > 0x7f) {
    buffer[at++] = (rest % 128) | 0x80;
    rest = Math.floor(rest / 128);
  }
  buffer[at++] = rest;
  return at;
}
