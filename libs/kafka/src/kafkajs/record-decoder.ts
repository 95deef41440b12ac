/**
 * Decodes one record of a record batch (magic 2): https://kafka.apache.org/documentation/#record
 *
 * kafkajs copies the object of all headers for every header, and counts offsets and times in BigInts. This one reads
 * straight through. It returns what kafkajs' own returns; what is out of the ordinary is left to the original. A
 * property test compares the two.
 */

/** What kafkajs knows about the batch, as far as it is looked at here. Numbers of 64 bits come as text. */
export interface BatchContext {
  readonly firstOffset: string;
  readonly firstTimestamp: string;
  readonly magicByte: number;
  readonly isControlBatch?: boolean;
  /** 1: the broker's time of the whole batch, `maxTimestamp`. */
  readonly timestampType?: number;
  readonly maxTimestamp?: string;
  readonly inTransaction?: boolean;
  readonly producerId?: string;
}

/** The part of kafkajs' Decoder that is used: a buffer that holds exactly one record, from its first byte. */
export interface RecordBytes {
  readonly buffer: Buffer;
  readonly offset: number;
}

type HeaderValue = Buffer | null;

/** What kafkajs makes of a record. */
export interface KafkaJsRecord {
  readonly magicByte: number;
  readonly attributes: number;
  readonly timestamp: string;
  readonly offset: string;
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  readonly headers: Record<string, HeaderValue | HeaderValue[]>;
  readonly isControlRecord: boolean;
  readonly batchContext: BatchContext;
}

/** The same shape as the module that it replaces. */
export type DecodeRecord = (decoder: RecordBytes, context: BatchContext) => KafkaJsRecord;

/**
 * A record whose headers are read when somebody asks for them. A fetch is decoded as a whole, up to 10 MB of it: a
 * dozen small objects for each record would all outlive the young generation, and most headers are never looked at.
 */
export class DecodedRecord implements KafkaJsRecord {
  readonly magicByte: number;
  readonly isControlRecord: boolean;
  readonly #bytes: Buffer;
  readonly #headersAt: number;

  constructor(
    readonly batchContext: BatchContext,
    readonly attributes: number,
    readonly timestamp: string,
    readonly offset: string,
    readonly key: Buffer | null,
    readonly value: Buffer | null,
    bytes: Buffer,
    headersAt: number,
  ) {
    this.magicByte = batchContext.magicByte;
    this.isControlRecord = batchContext.isControlBatch ?? false;
    this.#bytes = bytes;
    this.#headersAt = headersAt;
  }

  /** Read anew each time. */
  get headers(): KafkaJsRecord['headers'] {
    return readHeaders(this.#bytes, this.#headersAt);
  }

  /** The first header of this name as text; undefined where there is none, or null is its value. */
  headerText(name: string): string | undefined {
    const bytes = this.#bytes;
    const wanted = encodedName(name);
    at = this.#headersAt;
    for (let left = readVarInt(bytes); left > 0; left--) {
      const nameLength = readVarInt(bytes);
      const found = nameLength === wanted.length && isAt(bytes, at, wanted);
      at += nameLength;
      const length = readVarInt(bytes);
      if (found) return length < 0 ? undefined : bytes.toString('utf8', at, at + length);
      if (length > 0) at += length;
    }
    return undefined;
  }
}

const LOG_APPEND_TIME = 1;
/** Names that come at a place in a record mostly come there in the next one, too: then they need not be decoded. */
const lastNames: { readonly bytes: Buffer; readonly text: string }[] = [];
const MAX_REMEMBERED_NAMES = 32;
const MAX_REMEMBERED_LENGTH = 64;

let at = 0;
let lastContext: BatchContext | null = null;
let firstOffset = 0;
let firstTimestamp = 0;

/** @param original kafkajs' own decoder, for what is out of the ordinary */
export function recordDecoder(original: DecodeRecord): DecodeRecord {
  return (decoder, context) => decodeRecord(decoder.buffer, context) ?? original(decoder, context);
}

/** Null: not a record that is read here. */
function decodeRecord(bytes: Buffer, context: BatchContext): DecodedRecord | null {
  if (context !== lastContext) {
    lastContext = context;
    firstOffset = Number(context.firstOffset);
    firstTimestamp = Number(context.firstTimestamp);
  }
  const attributes = (bytes[0]! << 24) >> 24;
  at = 1;
  const timestampDelta = readVarLong(bytes);
  const offsetDelta = readVarInt(bytes);
  const offset = firstOffset + offsetDelta;
  const timestamp = firstTimestamp + timestampDelta;
  if (!Number.isSafeInteger(offset) || !Number.isSafeInteger(timestamp)) return null;
  const key = readBytes(bytes);
  const value = readBytes(bytes);
  const headersAt = at;
  const count = readVarInt(bytes);
  for (let index = 0; index < count; index++) {
    const length = readVarInt(bytes);
    // Assigning to it would not make a field of it; and a name of -1 bytes is none.
    if (length < 0 || (length === PROTO.length && isAt(bytes, at, PROTO))) return null;
    at += length;
    const valueLength = readVarInt(bytes);
    if (valueLength > 0) at += valueLength;
  }
  // Past the end everything reads as undefined: the original knows what to say of a broken record.
  if (at > bytes.length) return null;
  const { timestampType, maxTimestamp } = context;
  const time = timestampType === LOG_APPEND_TIME && maxTimestamp ? maxTimestamp : String(timestamp);
  return new DecodedRecord(context, attributes, time, String(offset), key, value, bytes, headersAt);
}

/** The field, key or value, that begins at `start` with its length. */
export function readField(bytes: Buffer, start: number): Buffer | null {
  at = start;
  return readBytes(bytes);
}

/** Where that field ends. */
export function afterField(bytes: Buffer, start: number): number {
  at = start;
  const length = readVarInt(bytes);
  return length > 0 ? at + length : at;
}

/** The headers that begin at `start` with their number. */
export function readHeaders(bytes: Buffer, start: number): KafkaJsRecord['headers'] {
  const headers: KafkaJsRecord['headers'] = {};
  at = start;
  const count = readVarInt(bytes);
  for (let index = 0; index < count; index++) {
    const name = readName(bytes, index);
    const header = readBytes(bytes);
    const known = Object.hasOwn(headers, name) ? headers[name] : undefined;
    if (known === undefined) headers[name] = header;
    else headers[name] = Array.isArray(known) ? [...known, header] : [known, header];
  }
  return headers;
}

const PROTO = Buffer.from('__proto__');

const encodedNames = new Map<string, Buffer>();

/** @param name one that our code asks for: there are few */
function encodedName(name: string): Buffer {
  let bytes = encodedNames.get(name);
  if (bytes === undefined) encodedNames.set(name, (bytes = Buffer.from(name)));
  return bytes;
}

function readName(bytes: Buffer, index: number): string {
  const length = readVarInt(bytes);
  const start = at;
  at += length;
  const last = lastNames[index];
  if (last?.bytes.length === length && isAt(bytes, start, last.bytes)) return last.text;
  const text = bytes.toString('utf8', start, at);
  if (index < MAX_REMEMBERED_NAMES && length <= MAX_REMEMBERED_LENGTH && index <= lastNames.length) {
    lastNames[index] = { bytes: Buffer.from(bytes.subarray(start, at)), text };
  }
  return text;
}

function isAt(bytes: Buffer, start: number, wanted: Buffer): boolean {
  for (let i = 0; i < wanted.length; i++) if (bytes[start + i] !== wanted[i]) return false;
  return true;
}

function readBytes(bytes: Buffer): Buffer | null {
  const length = readVarInt(bytes);
  if (length === -1) return null;
  const start = at;
  at += length;
  return bytes.subarray(start, at);
}

function readVarInt(bytes: Buffer): number {
  let byte = bytes[at++]!;
  let result = byte & 0x7f;
  for (let shift = 7; byte >= 0x80; shift += 7) {
    byte = bytes[at++]!;
    result |= (byte & 0x7f) << shift;
  }
  return (result >>> 1) ^ -(result & 1);
}

/** By multiplication: numbers of more than 32 bits. Beyond 2^53 it is not exact, and not a safe integer either. */
function readVarLong(bytes: Buffer): number {
  let byte = bytes[at++]!;
  let result = byte & 0x7f;
  for (let factor = 128; byte >= 0x80; factor *= 128) {
    byte = bytes[at++]!;
    result += (byte & 0x7f) * factor;
  }
  return result % 2 === 0 ? result / 2 : -(result + 1) / 2;
}
