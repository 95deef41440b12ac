/**
 * Encodes a produce request, versions 3 to 7 (https://kafka.apache.org/protocol#The_Messages_Produce), and the head in
 * front of any request.
 *
 * kafkajs copies every batch through seven growing buffers. That is some ten times the bytes of the batch in memory
 * outside the heap for each send, and the engine answers such growth with a full garbage collection, many times a
 * second. This one computes the size first and writes once. Tests compare the bytes with the original's; what we do not
 * use (compression, times given by the caller) is left to the original.
 */
import { crc32c } from './crc32c.js';
import { recordBodySize, recordSize, writeRecord, type EncodedRecord, type RecordFields } from './record-encoder.js';

/** A message as kafkajs hands it to its encoder. */
export type Message = Omit<RecordFields, 'offsetDelta' | 'timestampDelta'> & { readonly timestamp?: string | null };

/** A 64-bit number as kafkajs keeps it. */
type Long = string | number | { toString(): string };

/** The arguments of kafkajs' `requests/produce/v3/request`. */
export interface ProduceFields {
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
      readonly messages: readonly Message[];
    }[];
  }[];
}

/** A request as kafkajs' connection takes it. */
export interface Request {
  readonly apiKey: number;
  readonly apiVersion: number;
  encode(): Promise<EncodedRecord>;
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
    return isPlain(fields) ? { ...request, encode: () => Promise.resolve(encodeProduce(fields, Date.now())) } : request;
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
}): Promise<EncodedRecord> {
  const { buffer: payload } = await request.encode();
  const clientIdSize = Buffer.byteLength(clientId);
  const bytes = Buffer.allocUnsafe(14 + clientIdSize + payload.length);
  let at = bytes.writeInt32BE(bytes.length - 4, 0);
  at = bytes.writeInt16BE(request.apiKey, at);
  at = bytes.writeInt16BE(request.apiVersion, at);
  at = bytes.writeInt32BE(correlationId, at);
  at = bytes.writeInt16BE(clientIdSize, at);
  at += bytes.write(clientId, at);
  bytes.set(payload, at);
  return { buf: bytes, buffer: bytes };
}

function isPlain({ compression = 0, transactionalId, topicData }: ProduceFields): boolean {
  const hasTime = ({ timestamp }: Message): boolean => timestamp !== undefined && timestamp !== null;
  return (
    compression === 0 &&
    (transactionalId ?? null) === null &&
    !topicData.some(({ partitions }) => partitions.some(({ messages }) => messages.some(hasTime)))
  );
}

function encodeProduce({ acks, timeout, topicData, ...producer }: ProduceFields, now: number): EncodedRecord {
  const bodySizes = topicData.map(({ partitions }) => partitions.map(({ messages }) => bodySizesOf(messages)));
  const bytes = Buffer.allocUnsafe(requestSize(topicData, bodySizes));
  let at = bytes.writeInt16BE(-1, 0); // no transactional id
  at = bytes.writeInt16BE(acks, at);
  at = bytes.writeInt32BE(timeout, at);
  at = bytes.writeInt32BE(topicData.length, at);
  for (const [topicIndex, { topic, partitions }] of topicData.entries()) {
    at = bytes.writeInt16BE(Buffer.byteLength(topic), at);
    at += bytes.write(topic, at);
    at = bytes.writeInt32BE(partitions.length, at);
    for (const [index, { partition, firstSequence = 0, messages }] of partitions.entries()) {
      at = bytes.writeInt32BE(partition, at);
      const start = at + 4;
      const end = writeBatch(bytes, start, messages, bodySizes[topicIndex]![index]!, {
        ...producer,
        firstSequence,
        now,
      });
      bytes.writeInt32BE(end - start, at);
      at = end;
    }
  }
  return { buf: bytes, buffer: bytes };
}

function bodySizesOf(messages: readonly Message[]): number[] {
  return messages.map(({ key, value, headers = {} }, offsetDelta) =>
    recordBodySize({ key, value, headers, offsetDelta }),
  );
}

function requestSize(topicData: ProduceFields['topicData'], bodySizes: readonly (readonly number[])[][]): number {
  let size = 12;
  for (const [topicIndex, { topic }] of topicData.entries()) {
    size += 6 + Buffer.byteLength(topic);
    for (const sizes of bodySizes[topicIndex]!) {
      size += 8 + BATCH_HEAD;
      for (const bodySize of sizes) size += recordSize(bodySize);
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
  messages: readonly Message[],
  bodySizes: readonly number[],
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
  for (const [offsetDelta, { key, value, headers = {} }] of messages.entries()) {
    at = writeRecord(bytes, at, { key, value, headers, offsetDelta }, bodySizes[offsetDelta]!);
  }
  bytes.writeBigInt64BE(0n, start); // first offset: the broker's business
  bytes.writeInt32BE(at - start - AFTER_LENGTH, start + 8);
  bytes.writeInt32BE(0, start + AFTER_LENGTH); // leader epoch: likewise
  bytes.writeInt8(MAGIC, start + 16);
  bytes.writeUInt32BE(crc32c(bytes.subarray(start + AFTER_CHECKSUM, at)), start + 17);
  return at;
}
