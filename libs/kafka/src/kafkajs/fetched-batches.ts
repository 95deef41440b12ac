/**
 * Reads the record batches that a fetch brought of one partition, as kafkajs does, with bounds on what they come to: a
 * megabyte of compressed batches may hold gigabytes, in one batch or in hundreds.
 */
import { MAX_UNPACKED, UnpackedTooLargeError } from './compression.js';
import type { BatchContext, KafkaJsRecord } from './record-decoder.js';

/** The part of kafkajs' Decoder that is used. */
export interface Bytes {
  readonly buffer: Buffer;
  offset: number;
  readInt32(): number;
  canReadBytes(length: number): boolean;
}

/** What kafkajs makes of a batch. */
export interface DecodedBatch extends BatchContext {
  /** From `firstOffset` to the last offset that it was written with. */
  readonly lastOffsetDelta: number;
  readonly records: readonly KafkaJsRecord[];
}

/** The same shape as the module that is replaced. */
export type DecodeMessages = (decoder: Bytes) => Promise<readonly KafkaJsRecord[]>;

/** What is taken from kafkajs. */
export interface BatchReaders {
  /** Reads one batch, and moves on behind it. */
  readonly decodeBatch: (decoder: Bytes) => Promise<DecodedBatch>;
  readonly Decoder: new (bytes: Buffer) => Bytes;
}

/** Where things stand in a batch: https://kafka.apache.org/documentation/#recordbatch */
const FIRST_OFFSET = 0;
const MAGIC = 16;
const ATTRIBUTES = 21;
const LAST_OFFSET_DELTA = 23;
const FIRST_TIMESTAMP = 27;
const MAX_TIMESTAMP = 35;
const PRODUCER_ID = 43;
const RECORDS = 61;
const RECORD_BATCH = 2;
const CODEC = 0x07;
const LOG_APPEND_TIME = 0x08;
const IN_TRANSACTION = 0x10;

/**
 * The replacement: what is behind the first `MAX_UNPACKED` bytes of a partition is left to the next fetch, and a batch that
 * alone comes to more is handed over packed, as one record, so that it ends as a dead letter and the partition goes on. A
 * batch whose last records compaction has removed ends with a record that nobody is handed.
 * @param original for what was written before there were record batches
 */
export function boundedMessages(original: DecodeMessages, { decodeBatch, Decoder }: BatchReaders): DecodeMessages {
  return async (decoder) => {
    const start = decoder.offset;
    const size = decoder.readInt32();
    if (size <= 0 || !decoder.canReadBytes(size)) return [];
    const bytes = decoder.buffer.subarray(decoder.offset, decoder.offset + size);
    if (bytes[MAGIC] !== RECORD_BATCH) {
      decoder.offset = start;
      return original(decoder);
    }
    decoder.offset += size;

    const batches = new Decoder(bytes);
    const records: KafkaJsRecord[] = [];
    let unpacked = 0;
    while (batches.canReadBytes(RECORDS) && unpacked < MAX_UNPACKED) {
      const from = batches.offset;
      try {
        const decoded = await decodeBatch(batches);
        // One by one: a batch may hold more records than a call takes arguments.
        for (const record of decoded.records) records.push(record);
        if (lacksItsEnd(decoded)) records.push(endOf(decoded));
        if (isCompressed(bytes, from)) unpacked += heldBytes(decoded.records);
      } catch (error) {
        // The fetch ends in the middle of a batch: the next one brings it whole.
        if (error instanceof Error && error.name === 'KafkaJSPartialMessageError') break;
        if (!(error instanceof UnpackedTooLargeError)) throw error;
        records.push(packedBatch(bytes.subarray(from, batches.offset)));
      }
    }
    return records;
  };
}

function isCompressed(bytes: Buffer, batch: number): boolean {
  return (bytes.readInt16BE(batch + ATTRIBUTES) & CODEC) !== 0;
}

/** Of what the records are cut from. Where that cannot be seen, as much as it can be. */
function heldBytes([first]: readonly KafkaJsRecord[]): number {
  if (first === undefined) return 0;
  return (first.value ?? first.key)?.buffer.byteLength ?? MAX_UNPACKED;
}

/** Whether compaction has removed the last record of a batch, or all of them: the batch goes on spanning their offsets. */
function lacksItsEnd({ firstOffset, lastOffsetDelta, records }: DecodedBatch): boolean {
  return records.at(-1)?.offset !== offsetAt(firstOffset, lastOffsetDelta);
}

/**
 * Stands for the end of such a batch. Without it a position behind the records that are left brings the same batch again,
 * and nobody gets past it for as long as no other follows in the same file of the broker.
 */
function endOf({ records: _, ...batchContext }: DecodedBatch): KafkaJsRecord {
  return {
    magicByte: RECORD_BATCH,
    attributes: 0,
    timestamp: batchContext.maxTimestamp ?? batchContext.firstTimestamp,
    offset: offsetAt(batchContext.firstOffset, batchContext.lastOffsetDelta),
    key: null,
    value: null,
    headers: {},
    // Like a marker of a transaction: its offset counts, and nobody is handed it.
    isControlRecord: true,
    batchContext,
  };
}

function offsetAt(firstOffset: string, delta: number): string {
  return String(BigInt(firstOffset) + BigInt(delta));
}

/** A batch as one record, the last of its offsets: without headers, and with what it holds as it came. */
function packedBatch(batch: Buffer): KafkaJsRecord {
  const attributes = batch.readInt16BE(ATTRIBUTES);
  const firstOffset = batch.readBigInt64BE(FIRST_OFFSET);
  const firstTimestamp = String(batch.readBigInt64BE(FIRST_TIMESTAMP));
  const maxTimestamp = String(batch.readBigInt64BE(MAX_TIMESTAMP));
  return {
    magicByte: RECORD_BATCH,
    attributes: 0,
    timestamp: maxTimestamp,
    offset: String(firstOffset + BigInt(batch.readInt32BE(LAST_OFFSET_DELTA))),
    key: null,
    value: batch.subarray(RECORDS),
    headers: {},
    isControlRecord: false,
    batchContext: {
      firstOffset: String(firstOffset),
      firstTimestamp,
      maxTimestamp,
      magicByte: RECORD_BATCH,
      isControlBatch: false,
      timestampType: attributes & LOG_APPEND_TIME ? 1 : 0,
      // What was aborted is passed over by these.
      inTransaction: (attributes & IN_TRANSACTION) !== 0,
      producerId: String(batch.readBigInt64BE(PRODUCER_ID)),
    },
  };
}
