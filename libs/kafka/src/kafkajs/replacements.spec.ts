import { createRequire } from 'node:module';
import { describe, expect, it, jest } from '@jest/globals';
import fc from 'fast-check';
import { crc32c } from './crc32c.js';
import { groupMessagesPerPartition } from './group-messages.js';
import { murmur2 } from '../murmur2.js';
import { encodeRequest, produceRequest, type ProduceFields, type Request } from './produce-request.js';
import {
  DecodedRecord,
  recordDecoder,
  type BatchContext,
  type DecodeRecord,
  type RecordBytes,
} from './record-decoder.js';
import { encodeRecord, recordSize, releaseRecord, writeRecord, type RecordContent } from './record-encoder.js';

const require = createRequire(import.meta.url);
const original = {
  record: require('kafkajs/src/protocol/recordBatch/record/v0') as (fields: object) => { readonly buffer: Buffer },
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
const content = fc.record({ key, value: key, headers }) as fc.Arbitrary<RecordContent>;
const offsetDelta = fc.integer({ min: 0, max: 2 ** 30 });

describe('what replaces parts of kafkajs gives what the original gives', () => {
  it('encodes a record to the same bytes', () => {
    fc.assert(
      fc.property(content, offsetDelta, (record, place) => {
        expect(encoded(record, place).equals(original.record({ ...record, offsetDelta: place }).buffer)).toBe(true);
      }),
      { numRuns: 500 },
    );
  });

  it('encodes what comes again, and what comes in between, to the same bytes', () => {
    const records = fc.array(
      fc.record({ key: fc.constant(null), value: text, headers: fc.dictionary(fc.constantFrom('a', 'b'), text) }),
      { minLength: 2, maxLength: 4 },
    );
    fc.assert(
      fc.property(records, (few) => {
        const encodedRecords = [...few, ...few, ...few].map((record) => encodeRecord(record));
        for (const [at, one] of encodedRecords.entries()) {
          const written = Buffer.alloc(recordSize(one, at));
          expect(writeRecord(written, 0, one, at)).toBe(written.length);
          expect(written.equals(original.record({ ...few[at % few.length], offsetDelta: at }).buffer)).toBe(true);
        }
      }),
    );
  });

  it('encodes large values and a record without headers to the same bytes', () => {
    for (const value of [Buffer.alloc(900_000, 7), 'x'.repeat(300_000), '退订'.repeat(100_000), '𐍈'.repeat(2_000)]) {
      const record = { key: null, value };
      expect(encoded(record, 3).equals(original.record({ ...record, offsetDelta: 3 }).buffer)).toBe(true);
    }
  });

  it('keeps what is not released as it was, whatever is written after', () => {
    const value = (at: number): string => `${at} `.repeat(2_000 + (at % 7) * 500);
    const kept = new Map<number, ReturnType<typeof encodeRecord>>();
    for (let at = 0; at < 2_000; at++) {
      const record = encodeRecord({ key: null, value: value(at) });
      // What waits longer than others, and what is let go after them: up to 300 records, more than fit in one memory.
      kept.set(at, record);
      const old = at - (at % 3 === 0 ? 300 : 40);
      const leaving = kept.get(old);
      if (leaving !== undefined && kept.delete(old)) {
        const bytes = Buffer.alloc(recordSize(leaving, 0));
        writeRecord(bytes, 0, leaving, 0);
        expect(bytes.includes(value(old))).toBe(true);
        releaseRecord(leaving);
      }
    }
  });

  it('reads back what it encoded, so that the original can encode it too', () => {
    fc.assert(
      fc.property(content, offsetDelta, (record, place) => {
        // A header `__proto__` would not be a field of the object that it is read into.
        fc.pre(!Object.hasOwn(record.headers!, '__proto__'));
        const again = original.record({ ...encodeRecord(record).toMessage(), offsetDelta: place }).buffer;
        expect(again.equals(original.record({ ...record, offsetDelta: place }).buffer)).toBe(true);
      }),
    );
  });

  it('knows the hash of a key, whatever it stands beside', () => {
    fc.assert(
      fc.property(content, (record) => {
        const bytes = record.key === null ? null : Buffer.from(record.key);
        expect(encodeRecord(record).keyHash).toBe(bytes === null ? null : murmur2(bytes, 0, bytes.length));
      }),
    );
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
    const place = fc.record({ offsetDelta, timestampDelta });
    fc.assert(
      fc.property(content, place, batch, (record, { offsetDelta, timestampDelta }, context: BatchContext) => {
        // The original takes what every object inherits, such as `toString`, for a header that was there before.
        fc.pre(!Object.keys(record.headers!).some((name) => name in Object.prototype));
        const bytes = contentOf(original.record({ ...record, offsetDelta, timestampDelta }).buffer);
        const ours = decode(new Decoder(bytes), context);
        const theirs = original.decode(new Decoder(bytes), context);
        expect({ ...ours, headers: ours.headers }).toStrictEqual(theirs);
        if (!(ours instanceof DecodedRecord)) return;
        for (const [name, values] of Object.entries(theirs.headers)) {
          const first = Array.isArray(values) ? values[0] : values;
          expect(ours.headerText(name)).toBe(first?.toString());
        }
        expect(ours.headerText('not there')).toBeUndefined();
      }),
      { numRuns: 500 },
    );
  });

  it('does not take what objects inherit for a header', () => {
    const decode = recordDecoder(original.decode);
    const record = contentOf(encoded({ key: null, value: 'v', headers: { toString: 'text' } }, 0));
    const context = { firstOffset: '7', firstTimestamp: '1763700000000', magicByte: 2 };
    expect(decode(new Decoder(record), context).headers).toEqual({ toString: Buffer.from('text') });
  });

  it('does not ask the original about usual records, and does about odd ones', () => {
    const asked = jest.fn(original.decode);
    const decode = recordDecoder(asked);
    const context = { firstOffset: '7', firstTimestamp: '1763700000000', magicByte: 2 };
    const record = (name: string) => contentOf(encoded({ key: 'k', value: 'v', headers: { [name]: ['a', 'b'] } }, 0));
    expect(decode(new Decoder(record('name')), context).headers).toEqual({
      name: [Buffer.from('a'), Buffer.from('b')],
    });
    expect(asked).not.toHaveBeenCalled();
    expect(Object.keys(decode(new Decoder(record('__proto__')), context).headers)).toEqual(['__proto__']);
    expect(asked).toHaveBeenCalledTimes(1);
  });

  it('encodes a produce request, its head included, to the same bytes', async () => {
    const partition = fc.record({
      partition: fc.nat({ max: 100 }),
      firstSequence: fc.nat({ max: 2 ** 31 - 1 }),
      messages: fc.array(content, { minLength: 1, maxLength: 4 }),
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
          const fields = given as ProduceFields<RecordContent>;
          const request = produceRequest(original.produce)(withEncodedRecords(fields));
          const ours = await encodeRequest({ correlationId: 5, clientId, request });
          const theirs = await original.request({ correlationId: 5, clientId, request: original.produce(fields) });
          expect(ours.buffer.equals(theirs.buffer)).toBe(true);
        }),
        { numRuns: 300 },
      );
    } finally {
      now.mockRestore();
    }
  });

  it('leaves compressed requests, transactions and records that are not encoded to the original', async () => {
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

/** A whole record at a place in a batch. */
function encoded(content: RecordContent, place: number): Buffer {
  const record = encodeRecord(content);
  const bytes = Buffer.alloc(recordSize(record, place));
  writeRecord(bytes, 0, record, place);
  return bytes;
}

function withEncodedRecords(fields: ProduceFields<RecordContent>): ProduceFields {
  return {
    ...fields,
    topicData: fields.topicData.map(({ topic, partitions }) => ({
      topic,
      partitions: partitions.map((partition) => ({ ...partition, messages: partition.messages.map(encodeRecord) })),
    })),
  };
}

/** A record without the length in front of it, as kafkajs hands it to the decoder. */
function contentOf(record: Buffer): Buffer {
  let at = 0;
  while (record[at]! >= 0x80) at += 1;
  return record.subarray(at + 1);
}
