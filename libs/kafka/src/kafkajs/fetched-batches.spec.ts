import { createRequire } from 'node:module';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { gzipCodec, lz4Codec, MAX_UNPACKED, snappyCodec, zstdCodec, type Codec } from './compression.js';
import { boundedMessages, type BatchReaders, type Bytes, type DecodeMessages } from './fetched-batches.js';

interface Encoder {
  readonly buffer: Buffer;
}

const require = createRequire(import.meta.url);
const { RecordBatch } = require('kafkajs/src/protocol/recordBatch/v0') as {
  RecordBatch: (fields: object) => Promise<Encoder>;
};
const Record = require('kafkajs/src/protocol/recordBatch/record/v0') as (fields: object) => Encoder;
const Decoder = require('kafkajs/src/protocol/decoder') as BatchReaders['Decoder'];
const decodeBatch = require('kafkajs/src/protocol/recordBatch/v0/decoder') as BatchReaders['decodeBatch'];
const original = require('kafkajs/src/protocol/requests/fetch/v4/decodeMessages') as DecodeMessages;
const { Codecs } = require('kafkajs/src/protocol/message/compression') as { Codecs: (() => Codec)[] };
const Long = require('kafkajs/src/utils/long') as { fromValue: (value: number) => object };

const CODECS = { gzip: 1, snappy: 2, lz4: 3, zstd: 4 } as const;
const NO_CODEC = 0;

const decode = boundedMessages(original, { decodeBatch, Decoder });

/** @param removed records at its end that compaction has removed */
function batch(
  compression: number,
  firstOffset: number,
  values: readonly (string | Buffer)[],
  removed = 0,
): Promise<Encoder> {
  const records = values.map((value, offsetDelta) => Record({ offsetDelta, key: null, value, headers: {} }));
  return RecordBatch({
    compression,
    firstOffset: Long.fromValue(firstOffset),
    lastOffsetDelta: values.length - 1 + removed,
    firstTimestamp: 1_000,
    maxTimestamp: 2_000,
    records,
  });
}

/** The batches of one partition, as a response holds them. */
async function fetched(...batches: readonly Promise<Encoder>[]): Promise<Bytes> {
  const bytes = Buffer.concat((await Promise.all(batches)).map(({ buffer }) => buffer));
  const length = Buffer.alloc(4);
  length.writeInt32BE(bytes.length);
  return new Decoder(Buffer.concat([length, bytes]));
}

describe('the batches of a fetch', () => {
  beforeAll(() => {
    Codecs[CODECS.gzip] = () => gzipCodec;
    Codecs[CODECS.snappy] = () => snappyCodec;
    Codecs[CODECS.lz4] = () => lz4Codec;
    Codecs[CODECS.zstd] = () => zstdCodec;
  });

  it.each(Object.entries({ none: NO_CODEC, ...CODECS }))('are what kafkajs reads (%s)', async (_name, codec) => {
    const some = () => fetched(batch(codec, 7, ['a', 'b'.repeat(3_000)]), batch(codec, 9, ['c', '']));
    const [ours, theirs] = [await some(), await some()];
    expect(await decode(ours)).toEqual(await original(theirs));
    expect(ours.offset).toBe(theirs.offset);
  });

  it.each(Object.entries(CODECS))('hold what comes to too much as one record, packed (%s)', async (_name, codec) => {
    const zeros = Buffer.alloc(MAX_UNPACKED + 1);
    const records = await decode(
      await fetched(batch(codec, 7, ['a']), batch(codec, 8, [zeros, 'b']), batch(codec, 10, ['c'])),
    );
    expect(records.map(({ offset }) => offset)).toEqual(['7', '9', '10']);
    const [, packed, last] = records;
    expect(packed).toMatchObject({ key: null, headers: {}, isControlRecord: false });
    expect(packed!.value!.length).toBeLessThan(MAX_UNPACKED / 10);
    expect(last!.value!.toString()).toBe('c');
  });

  it('go as far as they were written, also where compaction has removed the end of one, or all of it', async () => {
    const records = await decode(
      await fetched(batch(NO_CODEC, 7, ['a'], 2), batch(NO_CODEC, 10, [], 5), batch(CODECS.zstd, 15, ['b'], 1)),
    );
    expect(records.map(({ offset, isControlRecord }) => [offset, isControlRecord])).toEqual([
      ['7', false],
      ['9', true],
      ['14', true],
      ['15', false],
      ['16', true],
    ]);
  });

  it('are read in more than one fetch where they come to too much together', async () => {
    const half = Buffer.alloc(MAX_UNPACKED / 2);
    const many = Array.from({ length: 5 }, (_, at) => batch(CODECS.zstd, at, [half]));
    expect((await decode(await fetched(...many))).length).toBeLessThanOrEqual(3);
  });

  it('may hold more records than a call takes arguments', async () => {
    const MANY = 200_000;
    const multiplied = async (bytes: Bytes) => {
      const decoded = await decodeBatch(bytes);
      return { ...decoded, records: Array.from({ length: MANY }, () => decoded.records[0]!) };
    };
    const read = boundedMessages(original, { decodeBatch: multiplied, Decoder });
    expect(await read(await fetched(batch(NO_CODEC, 0, ['x'])))).toHaveLength(MANY);
  });

  it('end where the fetch cut them off', async () => {
    const whole = await fetched(batch(NO_CODEC, 0, ['a']), batch(NO_CODEC, 1, ['b'.repeat(1_000)]));
    const bytes = Buffer.from(whole.buffer.subarray(0, -500));
    bytes.writeInt32BE(bytes.length - 4);
    expect(await decode(new Decoder(bytes))).toHaveLength(1);
  });
});
