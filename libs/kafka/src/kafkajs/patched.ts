/**
 * kafkajs, made fit: the only place that loads it.
 *
 * kafkajs 2.2.4 is the last of its line and frozen, so replacing parts of it is safe as long as exactly this version is
 * loaded: any other is refused here. What is replaced and why stands in docs/decisions/0003-kafkajs-patched.md; tests
 * compare every replacement with the original.
 */
import { createRequire } from 'node:module';
import type * as KafkaJs from 'kafkajs';
import { gzipCodec, lz4Codec, snappyCodec, zstdCodec } from './compression.js';
import { crc32c } from './crc32c.js';
import { boundedMessages, type BatchReaders, type DecodeMessages } from './fetched-batches.js';
import { groupMessagesPerPartition } from './group-messages.js';
import { encodeRequest, produceRequest } from './produce-request.js';
import { recordDecoder } from './record-decoder.js';

const PATCHED_VERSION = '2.2.4';

interface RequestQueue {
  readonly pending: readonly unknown[];
  readonly throttledUntil: number;
}

const OURS = Symbol('ours');

const require = createRequire(import.meta.url);
export const kafkajs = load();

/**
 * Whether kafkajs takes encoded records. Not where something else than Node loads modules and keeps its own cache of
 * them, as Jest does: there nothing is replaced, and kafkajs must be given messages of its own kind.
 */
export const takesEncodedRecords =
  (require('kafkajs/src/protocol/requests/produce/v3/request') as { [OURS]?: true })[OURS] === true;

/** What a fetch brought of one partition, as a consumer would see it: without what was aborted and without markers. */
export const FetchedBatch = require('kafkajs/src/consumer/batch') as new (
  topic: string,
  fetchedOffset: string,
  partition: object,
) => {
  readonly messages: readonly KafkaJs.KafkaMessage[];
  readonly rawMessages: readonly unknown[];
  lastOffset(): string;
};

function load(): typeof KafkaJs {
  const { version } = require('kafkajs/package.json') as { version: string };
  if (version !== PATCHED_VERSION) {
    throw new Error(`kafkajs ${version} is installed, but the patches are for ${PATCHED_VERSION}: run npm ci`);
  }
  wrap('kafkajs/src/protocol/recordBatch/record/v0/decoder', recordDecoder);
  replace('kafkajs/src/protocol/recordBatch/crc32C', crc32c);
  replace('kafkajs/src/producer/groupMessagesPerPartition', groupMessagesPerPartition);
  wrap('kafkajs/src/protocol/requests/produce/v3/request', (original: Parameters<typeof produceRequest>[0]) =>
    Object.assign(produceRequest(original), { [OURS]: true }),
  );
  replace('kafkajs/src/protocol/request', encodeRequest);
  wrap('kafkajs/src/protocol/requests/fetch/v4/decodeMessages', (original: DecodeMessages) =>
    boundedMessages(original, {
      decodeBatch: require('kafkajs/src/protocol/recordBatch/v0/decoder') as BatchReaders['decodeBatch'],
      Decoder: require('kafkajs/src/protocol/decoder') as BatchReaders['Decoder'],
    }),
  );
  stopIdlePolling();
  handOverFilteredBatches();

  const loaded = require('kafkajs') as typeof KafkaJs;
  loaded.CompressionCodecs[loaded.CompressionTypes.GZIP] = () => gzipCodec;
  loaded.CompressionCodecs[loaded.CompressionTypes.Snappy] = () => snappyCodec;
  loaded.CompressionCodecs[loaded.CompressionTypes.LZ4] = () => lz4Codec;
  loaded.CompressionCodecs[loaded.CompressionTypes.ZSTD] = () => zstdCodec;
  return loaded;
}

/** Puts `exports` where `require(request)` will find it, before anything of kafkajs has asked for it. */
function replace(request: string, exports: unknown): void {
  const filename = require.resolve(request);
  const { Module } = require('node:module') as { Module: new (id: string) => NodeJS.Module };
  const module = new Module(filename);
  module.exports = exports;
  module.loaded = true;
  require.cache[filename] = module;
}

/** Replaces a module by one that still asks it in rare cases. */
function wrap<T>(request: string, replacement: (original: T) => T): void {
  replace(request, replacement(require(request) as T));
}

/** Every connection polls its queue each millisecond even when nothing is pending: 5.6 % of a core per idle connection. */
function stopIdlePolling(): void {
  const Queue = require('kafkajs/src/network/requestQueue') as {
    prototype: { scheduleCheckPendingRequests: (this: RequestQueue) => void };
  };
  const original = Queue.prototype.scheduleCheckPendingRequests;
  Queue.prototype.scheduleCheckPendingRequests = function (this: RequestQueue) {
    if (this.pending.length > 0 || this.throttledUntil > Date.now()) original.call(this);
  };
}

interface Batch {
  readonly rawMessages: readonly unknown[];
}

/**
 * A batch of which nothing is left to hand over (aborted transactions, markers of transactions, what compaction left) is
 * passed by kafkajs without a word: whoever keeps or commits positions by hand never gets past it. So it is handed over
 * like any other, without messages; its last offset says how far it goes.
 */
function handOverFilteredBatches(): void {
  const Batch = require('kafkajs/src/consumer/batch') as {
    prototype: { isEmpty: (this: Batch) => boolean; isEmptyDueToFiltering: () => boolean };
  };
  Batch.prototype.isEmpty = function (this: Batch) {
    return this.rawMessages.length === 0;
  };
  Batch.prototype.isEmptyDueToFiltering = () => false;
}
