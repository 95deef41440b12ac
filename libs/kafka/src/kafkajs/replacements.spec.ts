import { createRequire } from 'node:module';
import { describe, expect, it, jest } from '@jest/globals';
import fc from 'fast-check';
import { crc32c } from './crc32c.js';
import { groupMessagesPerPartition } from './group-messages.js';
import { encodeRequest, produceRequest, type ProduceFields, type Request } from './produce-request.js';
import { recordDecoder, type BatchContext, type DecodeRecord, type RecordBytes } from './record-decoder.js';
import { encodeRecord, type EncodedRecord, type RecordFields } from './record-encoder.js';

const require = createRequire(import.meta.url);
const original = {
  record: require('kafkajs/src/protocol/recordBatch/record/v0') as (fields: object) => EncodedRecord,
  decode: require('kafkajs/src/protocol/recordBatch/record/v0/decoder') as DecodeRecord,
  produce: require('kafkajs/src/protocol/requests/produce/v7/request') as (fields: ProduceFields) => Request,
  request: require('kafkajs/src/protocol/request') as typeof encodeRequest,
  crc32c: require('kafkajs/src/protocol/recordBatch/crc32C') as (bytes: Buffer) => number,
  group: require('kafkajs/src/producer/groupMessagesPerPartition') as typeof groupMessagesPerPartition,
};

const Decoder = require('kafkajs/src/protocol/decoder') as new (buffer: Buffer) => RecordBytes;

const bytes = fc.uint8Array({ maxLength: 300 }).map((array) => Buffer.from(array));
const text = fc.string({ unit: 'binary', maxLength: 200 });
const headerValue = fc.oneof(text, bytes);
const headers = fc.dictionary(text, fc.oneof(headerValue, fc.array(headerValue, { maxLength: 3 })), { maxKeys: 15 });
const timestampDelta = fc.oneof(
  fc.integer({ min: -1_000, max: 1_000 }),
  fc.maxSafeInteger().map((n) => n >> 1),
);
const key = fc.oneof(fc.constant(null), bytes, text);
const recordFields = fc.record({
  offsetDelta: fc.integer({ min: 0, max: 2 ** 30 }),
  timestampDelta,
  key,
  value: key,
  headers,
});

describe('what replaces parts of kafkajs gives what the original gives', () => {
  it('encodes a record to the same bytes', () => {
    fc.assert(
      fc.property(recordFields, (fields) => {
        expect(encodeRecord(fields as RecordFields).buffer.equals(original.record(fields).buffer)).toBe(true);
      }),
      { numRuns: 500 },
    );
  });

  it('encodes large values and a record without headers to the same bytes', () => {
    const fields = { key: null, value: Buffer.alloc(900_000, 7) };
    expect(encodeRecord(fields).buffer.equals(original.record(fields).buffer)).toBe(true);
  });

  it('has the buffers that kafkajs looks at', () => {
    const encoded = encodeRecord({ key: 'k', value: 'v' });
    expect(Buffer.isBuffer(encoded.buf)).toBe(true);
    expect(encoded.buf).toBe(encoded.buffer);
  });

  it('decodes a record to the same fields', () => {
    const decode = recordDecoder(original.decode);
    const batch = fc.record({
      firstOffset: fc.bigInt({ min: 0n, max: 2n ** 62n }).map(String),
      firstTimestamp: fc.oneof(fc.constant('1763700000000'), fc.bigInt({ min: -1n, max: 2n ** 62n }).map(String)),
      magicByte: fc.constant(2),
      isControlBatch: fc.boolean(),
      timestampType: fc.constantFrom(0, 1),
      maxTimestamp: fc.constantFrom('1763700000009', '0'),
    });
    fc.assert(
      fc.property(recordFields, batch, (fields, context: BatchContext) => {
        const record = contentOf(encodeRecord(fields).buffer);
        expect(decode(new Decoder(record), context)).toStrictEqual(original.decode(new Decoder(record), context));
      }),
      { numRuns: 500 },
    );
  });

  it('does not ask the original about usual records, and does about odd ones', () => {
    const asked = jest.fn(original.decode);
    const decode = recordDecoder(asked);
    const context = { firstOffset: '7', firstTimestamp: '1763700000000', magicByte: 2 };
    const record = (name: string) =>
      contentOf(encodeRecord({ key: 'k', value: 'v', headers: { [name]: ['a', 'b'] } }).buffer);
    expect(decode(new Decoder(record('name')), context).headers).toEqual({
      name: [Buffer.from('a'), Buffer.from('b')],
    });
    expect(asked).not.toHaveBeenCalled();
    expect(Object.keys(decode(new Decoder(record('__proto__')), context).headers)).toEqual(['__proto__']);
    expect(asked).toHaveBeenCalledTimes(1);
  });

  it('encodes a produce request, its head included, to the same bytes', async () => {
    const message = fc.record({ key, value: key, headers });
    const partition = fc.record({
      partition: fc.nat({ max: 100 }),
      firstSequence: fc.nat({ max: 2 ** 31 - 1 }),
      messages: fc.array(message, { minLength: 1, maxLength: 4 }),
    });
    const topic = fc.record({ topic: text, partitions: fc.array(partition, { maxLength: 3 }) });
    const request = fc.record(
      {
        acks: fc.constantFrom(-1, 0, 1),
        timeout: fc.nat(),
        producerId: fc.oneof(fc.nat(), fc.bigInt({ min: -1n, max: 2n ** 62n }).map(String)),
        producerEpoch: fc.nat({ max: 2 ** 15 - 1 }),
        compression: fc.constant(0),
        topicData: fc.array(topic, { maxLength: 3 }),
      },
      { requiredKeys: ['acks', 'timeout', 'topicData'] },
    );
    const now = jest.spyOn(Date, 'now').mockReturnValue(1_763_700_000_000);
    try {
      await fc.assert(
        fc.asyncProperty(request, text, async (given, clientId) => {
          const fields = given as ProduceFields;
          const ours = await encodeRequest({
            correlationId: 5,
            clientId,
            request: produceRequest(original.produce)(fields),
          });
          const theirs = await original.request({ correlationId: 5, clientId, request: original.produce(fields) });
          expect(ours.buffer.equals(theirs.buffer)).toBe(true);
        }),
        { numRuns: 300 },
      );
    } finally {
      now.mockRestore();
    }
  });

  it('leaves compressed requests, transactions and given times to the original', async () => {
    const messages = [{ key: null, value: 'v', timestamp: '1763700000001' }];
    for (const fields of [
      { compression: 1, topicData: [] },
      { transactionalId: 't', topicData: [] },
      { topicData: [{ topic: 't', partitions: [{ partition: 0, messages }] }] },
    ]) {
      const given = { acks: -1, timeout: 1, ...fields };
      const [ours, theirs] = [produceRequest(original.produce)(given), original.produce(given)];
      expect((await ours.encode()).buffer.equals((await theirs.encode()).buffer)).toBe(true);
    }
  });

  it('computes the same checksum, and the one of RFC 3720', () => {
    fc.assert(fc.property(bytes, (array) => crc32c(array) === original.crc32c(array)));
    expect(crc32c(Buffer.alloc(32))).toBe(0x8a9136aa);
    expect(crc32c(Buffer.alloc(32, 0xff))).toBe(0x62a8ab43);
    expect(crc32c(Buffer.from(Array.from({ length: 32 }, (_, at) => at)))).toBe(0x46dd794e);
  });

  it('groups messages in the same way', () => {
    fc.assert(
      fc.property(fc.array(fc.nat({ max: 5 })), (partitions) => {
        const grouping = {
          topic: 't',
          partitionMetadata: [1],
          messages: partitions.map((partition, at) => ({ partition, at })),
          partitioner: ({ message }: { message: { partition: number } }) => message.partition,
        };
        expect(groupMessagesPerPartition(grouping)).toEqual(original.group(grouping));
      }),
    );
  });
});

/** A record without the length in front of it, as kafkajs hands it to the decoder. */
function contentOf(record: Buffer): Buffer {
  let at = 0;
  while (record[at]! >= 0x80) at += 1;
  return record.subarray(at + 1);
}
