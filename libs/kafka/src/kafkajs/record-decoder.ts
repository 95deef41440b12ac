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
}

/** The part of kafkajs' Decoder that is used: a buffer that holds exactly one record, from its first byte. */
export interface RecordBytes {
  readonly buffer: Buffer;
  readonly offset: number;
}

type HeaderValue = Buffer | null;

/** What kafkajs makes of a record. */
export interface DecodedRecord {
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
export type DecodeRecord = (decoder: RecordBytes, context: BatchContext) => DecodedRecord;

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
  const headers: DecodedRecord['headers'] = {};
  const count = readVarInt(bytes);
  for (let index = 0; index < count; index++) {
    const name = readName(bytes, index);
    // Assigning to it would not make a field of it; and a name of -1 bytes is none.
    if (name === null || name === '__proto__') return null;
    const header = readBytes(bytes);
    const known = headers[name];
    if (known === undefined) headers[name] = header;
    else headers[name] = Array.isArray(known) ? [...known, header] : [known, header];
  }
  // Past the end everything reads as undefined: the original knows what to say of a broken record.
  if (at > bytes.length) return null;
  const { magicByte, isControlBatch = false, timestampType, maxTimestamp } = context;
  return {
    magicByte,
    attributes,
    timestamp: timestampType === LOG_APPEND_TIME && maxTimestamp ? maxTimestamp : String(timestamp),
    offset: String(offset),
    key,
    value,
    headers,
    isControlRecord: isControlBatch,
    batchContext: context,
  };
}

function readName(bytes: Buffer, index: number): string | null {
  const length = readVarInt(bytes);
  if (length < 0) return null;
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
