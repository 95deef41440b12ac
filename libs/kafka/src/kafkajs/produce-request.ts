/**
 * Encodes a produce request, versions 3 to 7 (https://kafka.apache.org/protocol#The_Messages_Produce), and the head in
 * front of any request.
 *
 * kafkajs copies every batch through seven growing buffers. That is some ten times the bytes of the batch in memory
 * outside the heap for each send, and the engine answers such growth with a full garbage collection, many times a
 * second. Here the records come encoded, the size is added up first, and everything is written once. Tests compare the
 * bytes with the original's; what we do not use (compression, transactions, records that do not come encoded) is left to
 * the original.
 */
import { crc32c } from './crc32c.js';
import { EncodedRecord, recordSize, writeRecord } from './record-encoder.js';

/** A message as kafkajs hands it to its encoder: one of ours, or one of its own, which has a key. */
export type Message = EncodedRecord | { readonly key: Buffer | string | null };

/** A 64-bit number as kafkajs keeps it. */
type Long = string | number | { toString(): string };

/** The arguments of kafkajs' `requests/produce/v3/request`. */
export interface ProduceFields<M = Message> {
  readonly acks: number;
  readonly timeout: number;
  readonly transactionalId?: string | null;
  readonly producerId?: Long;
  readonly producerEpoch?: number;
  readonly compression?: number;
  readonly topicData: readonly {
    readonly topic: string;
    readonly partitions: readonly {
      readonly partition: number;
      readonly firstSequence?: number;
      readonly messages: readonly M[];
    }[];
  }[];
}

/** The part of kafkajs' Encoder that its callers touch. */
export interface EncodedRequest {
  readonly buf: Buffer;
  readonly buffer: Buffer;
}

/** A request as kafkajs' connection takes it. */
export interface Request {
  readonly apiKey: number;
  readonly apiVersion: number;
  encode(): Promise<EncodedRequest>;
  /** Only requests of ours have it: writes everything that follows the head, for which it leaves room. */
  encodeAfter?(headSize: number): Buffer;
}

const MAGIC = 2;
/** From the first byte of a batch to its first record. */
const BATCH_HEAD = 61;
/** Where in a batch the part begins that its length counts, and the one that its checksum covers. */
const AFTER_LENGTH = 12;
const AFTER_CHECKSUM = 21;

/**
 * The same shape as the module that it replaces.
 * @param original kafkajs' own, for what is not written here
 */
export function produceRequest(original: (fields: ProduceFields) => Request): (fields: ProduceFields) => Request {
  return (fields) => {
    const request = original(fields);
    if (isOurs(fields)) return { ...request, encodeAfter: (headSize) => encodeProduce(fields, headSize, Date.now()) };
    // kafkajs would take them for messages without key and value, and the broker would confirm those.
    if (holdsEncoded(fields)) throw new Error('encoded records cannot be compressed, nor be part of a transaction');
    return request;
  };
}

/**
 * A request with the head in front that says what it is and how long. The same shape as kafkajs' `protocol/request`.
 */
export async function encodeRequest({
  correlationId,
  clientId,
  request,
}: {
  readonly correlationId: number;
  readonly clientId: string;
  readonly request: Request;
}): Promise<EncodedRequest> {
  const headSize = 14 + Buffer.byteLength(clientId);
  const bytes = request.encodeAfter?.(headSize) ?? withRoomInFront((await request.encode()).buffer, headSize);
  let at = bytes.writeInt32BE(bytes.length - 4, 0);
  at = bytes.writeInt16BE(request.apiKey, at);
  at = bytes.writeInt16BE(request.apiVersion, at);
  at = bytes.writeInt32BE(correlationId, at);
  at = bytes.writeInt16BE(headSize - 14, at);
  bytes.write(clientId, at);
  return { buf: bytes, buffer: bytes };
}

function withRoomInFront(payload: Buffer, room: number): Buffer {
  const bytes = Buffer.allocUnsafe(room + payload.length);
  bytes.set(payload, room);
  return bytes;
}

function holdsEncoded({ topicData }: ProduceFields): boolean {
  return topicData.some(({ partitions }) =>
    partitions.some(({ messages }) => messages.some((message) => message instanceof EncodedRecord)),
  );
}

function isOurs(fields: ProduceFields): fields is ProduceFields<EncodedRecord> {
  const { compression = 0, transactionalId, topicData } = fields;
  return (
    compression === 0 &&
    (transactionalId ?? null) === null &&
    topicData.every(({ partitions }) =>
      partitions.every(({ messages }) => messages.every((message) => message instanceof EncodedRecord)),
    )
  );
}

function encodeProduce(
  { acks, timeout, topicData, ...producer }: ProduceFields<EncodedRecord>,
  start: number,
  now: number,
): Buffer {
  const bytes = Buffer.allocUnsafeSlow(start + requestSize(topicData));
  let at = bytes.writeInt16BE(-1, start); // no transactional id
  at = bytes.writeInt16BE(acks, at);
  at = bytes.writeInt32BE(timeout, at);
  at = bytes.writeInt32BE(topicData.length, at);
  for (const { topic, partitions } of topicData) {
    at = bytes.writeInt16BE(Buffer.byteLength(topic), at);
    at += bytes.write(topic, at);
    at = bytes.writeInt32BE(partitions.length, at);
    for (const { partition, firstSequence = 0, messages } of partitions) {
      at = bytes.writeInt32BE(partition, at);
      const batch = at + 4;
      const end = writeBatch(bytes, batch, messages, { ...producer, firstSequence, now });
      bytes.writeInt32BE(end - batch, at);
      at = end;
    }
  }
  return bytes;
}

function requestSize(topicData: ProduceFields<EncodedRecord>['topicData']): number {
  let size = 12;
  for (const { topic, partitions } of topicData) {
    size += 6 + Buffer.byteLength(topic);
    for (const { messages } of partitions) {
      size += 8 + BATCH_HEAD;
      for (let at = 0; at < messages.length; at++) size += recordSize(messages[at]!, at);
    }
  }
  return size;
}

interface BatchSettings {
  readonly producerId?: Long;
  readonly producerEpoch?: number;
  readonly firstSequence: number;
  /** Unix ms: of every record. */
  readonly now: number;
}

/** https://kafka.apache.org/documentation/#recordbatch */
function writeBatch(
  bytes: Buffer,
  start: number,
  messages: readonly EncodedRecord[],
  { producerId = -1, producerEpoch = 0, firstSequence, now }: BatchSettings,
): number {
  const time = BigInt(now);
  let at = start + AFTER_CHECKSUM;
  at = bytes.writeInt16BE(0, at); // no compression, the producer's time, no transaction
  at = bytes.writeInt32BE(messages.length - 1, at);
  at = bytes.writeBigInt64BE(time, at);
  at = bytes.writeBigInt64BE(time, at);
  at = bytes.writeBigInt64BE(BigInt(String(producerId)), at);
  at = bytes.writeInt16BE(producerEpoch, at);
  at = bytes.writeInt32BE(firstSequence, at);
  at = bytes.writeInt32BE(messages.length, at);
  for (let index = 0; index < messages.length; index++) at = writeRecord(bytes, at, messages[index]!, index);
  bytes.writeBigInt64BE(0n, start); // first offset: the broker's business
  bytes.writeInt32BE(at - start - AFTER_LENGTH, start + 8);
  bytes.writeInt32BE(0, start + AFTER_LENGTH); // leader epoch: likewise
  bytes.writeInt8(MAGIC, start + 16);
  bytes.writeUInt32BE(crc32c(bytes.subarray(start + AFTER_CHECKSUM, at)), start + 17);
  return at;
}
