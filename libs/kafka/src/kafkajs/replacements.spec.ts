import { createRequire } from 'node:module';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { crc32c } from './crc32c.js';
import { groupMessagesPerPartition } from './group-messages.js';
import { encodeRecord, type EncodedRecord, type RecordFields } from './record-encoder.js';

const require = createRequire(import.meta.url);
const original = {
  record: require('kafkajs/src/protocol/recordBatch/record/v0') as (fields: object) => EncodedRecord,
  crc32c: require('kafkajs/src/protocol/recordBatch/crc32C') as (bytes: Buffer) => number,
  group: require('kafkajs/src/producer/groupMessagesPerPartition') as typeof groupMessagesPerPartition,
};

const bytes = fc.uint8Array({ maxLength: 300 }).map((array) => Buffer.from(array));
const text = fc.string({ unit: 'binary', maxLength: 200 });
const headerValue = fc.oneof(text, bytes);

describe('what replaces parts of kafkajs gives what the original gives', () => {
  it('encodes a record to the same bytes', () => {
    fc.assert(
      fc.property(
        fc.record({
          offsetDelta: fc.integer({ min: 0, max: 2 ** 30 }),
          timestampDelta: fc.oneof(
            fc.integer({ min: -1_000, max: 1_000 }),
            fc.maxSafeInteger().map((n) => n >> 1),
          ),
          key: fc.oneof(fc.constant(null), bytes, text),
          value: fc.oneof(fc.constant(null), bytes, text),
          headers: fc.dictionary(text, fc.oneof(headerValue, fc.array(headerValue, { maxLength: 3 })), { maxKeys: 15 }),
        }),
        (fields) => {
          expect(encodeRecord(fields as RecordFields).buffer.equals(original.record(fields).buffer)).toBe(true);
        },
      ),
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
