/**
 * Encodes one record of a record batch (magic 2): https://kafka.apache.org/documentation/#record
 *
 * kafkajs gives every header and every record an encoder object with a growing buffer of its own, which makes it the
 * dearest part of the whole path. This one computes the size first, allocates once and writes once. It returns what
 * kafkajs' own returns as far as its callers look: an object with `buf` and `buffer`. A property test compares the
 * bytes with the original's.
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

/** Header names are few and always the same: each is encoded, with its length, once. Bounded, names could come from outside. */
const headerNames = new Map<string, Buffer>();
const MAX_HEADER_NAMES = 1_000;

/** The same shape as the module that it replaces: a function of the record's fields. */
export function encodeRecord({
  offsetDelta = 0,
  timestampDelta = 0,
  key,
  value,
  headers = {},
}: RecordFields): EncodedRecord {
  const keyBytes = typeof key === 'string' ? Buffer.from(key) : key;
  const valueBytes = typeof value === 'string' ? Buffer.from(value) : value;

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

  const bodySize =
    1 + // attributes
    varLongSize(timestampDelta) +
    varIntSize(offsetDelta) +
    (keyBytes === null ? 1 : sizedLength(keyBytes.length)) +
    (valueBytes === null ? 1 : sizedLength(valueBytes.length)) +
    varIntSize(headerCount) +
    headersSize;

  const buffer = Buffer.allocUnsafe(varIntSize(bodySize) + bodySize);
  let at = writeVarInt(buffer, 0, bodySize);
  buffer[at++] = 0;
  at = writeVarLong(buffer, at, timestampDelta);
  at = writeVarInt(buffer, at, offsetDelta);
  at = writeBytes(buffer, at, keyBytes);
  at = writeBytes(buffer, at, valueBytes);
  at = writeVarInt(buffer, at, headerCount);
  for (const name in headers) {
    const values = headers[name]!;
    if (typeof values === 'string' || Buffer.isBuffer(values)) {
      at = writeHeader(buffer, at, name, values);
    } else {
      for (const single of values) at = writeHeader(buffer, at, name, single);
    }
  }
  return { buf: buffer, buffer };
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
  if (typeof value !== 'string') return writeBytes(buffer, at, value);
  const length = Buffer.byteLength(value);
  at = writeVarInt(buffer, at, length);
  if (length === value.length && length < 48) {
    for (let i = 0; i < length; i++) buffer[at++] = value.charCodeAt(i);
    return at;
  }
  return at + buffer.write(value, at, length, 'utf8');
}

function writeBytes(buffer: Buffer, at: number, bytes: Buffer | null): number {
  if (bytes === null) return writeVarInt(buffer, at, -1);
  const start = writeVarInt(buffer, at, bytes.length);
  buffer.set(bytes, start);
  return start + bytes.length;
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
