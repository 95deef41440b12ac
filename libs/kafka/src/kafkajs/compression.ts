/**
 * Codecs that kafkajs leaves to its users, and GZIP, which it has without a bound. Topics of ours are written uncompressed,
 * but an operator may set `compression.type` on a topic or a sending service may compress its submissions, and then every
 * batch must be read.
 */
import { gzip, unzip, zstdCompress, zstdDecompress, type InputType } from 'node:zlib';
import { promisify } from 'node:util';
import { compressFrame, decompressFrame } from 'lz4-napi';
import snappy from 'snappy';
import { lz4Bound } from './lz4-bound.js';

/** What kafkajs asks of a codec. */
export interface Codec {
  compress(encoder: { buffer: Buffer }): Promise<Buffer>;
  /** @throws UnpackedTooLargeError before the memory is taken */
  decompress(bytes: Buffer): Promise<Buffer>;
}

/**
 * What a batch may come to when it is unpacked, bytes. A batch has at most a megabyte (`message.max.bytes`), and what
 * services send is compressed to a tenth; half a gigabyte of zeros is 16 kilobytes.
 */
export const MAX_UNPACKED = 16 * 1024 * 1024;

/** A batch that would come to more than `MAX_UNPACKED`. */
export class UnpackedTooLargeError extends Error {
  override readonly name = 'UnpackedTooLargeError';

  constructor() {
    super(`a compressed batch comes to more than ${MAX_UNPACKED} bytes`);
  }
}

/** Java's clients write Snappy in blocks behind this header (snappy-java's SnappyOutputStream). */
const XERIAL_MAGIC = Buffer.from([0x82, 0x53, 0x4e, 0x41, 0x50, 0x50, 0x59, 0]);
const XERIAL_HEADER_SIZE = 16;

export const snappyCodec: Codec = {
  compress: ({ buffer }) => snappy.compress(buffer),
  async decompress(bytes) {
    const blocks = snappyBlocks(bytes);
    requireBound(blocks.reduce((size, block) => size + declaredSize(block), 0));
    return Buffer.concat(await Promise.all(blocks.map(unpackSnappy)));
  },
};

export const lz4Codec: Codec = {
  compress: ({ buffer }) => compressFrame(buffer),
  async decompress(bytes) {
    requireBound(lz4Bound(bytes));
    return decompressFrame(bytes);
  },
};

const packZstd = promisify(zstdCompress);
const packGzip = promisify(gzip);

export const zstdCodec: Codec = {
  compress: ({ buffer }) => packZstd(buffer),
  decompress: (bytes) => bounded(promisify(zstdDecompress), bytes),
};

export const gzipCodec: Codec = {
  compress: ({ buffer }) => packGzip(buffer),
  decompress: (bytes) => bounded(promisify(unzip), bytes),
};

async function bounded(
  unpack: (bytes: InputType, options: { maxOutputLength: number }) => Promise<Buffer>,
  bytes: Buffer,
): Promise<Buffer> {
  try {
    return await unpack(bytes, { maxOutputLength: MAX_UNPACKED });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE') throw new UnpackedTooLargeError();
    throw error;
  }
}

function requireBound(size: number): void {
  if (size > MAX_UNPACKED) throw new UnpackedTooLargeError();
}

function snappyBlocks(bytes: Buffer): Buffer[] {
  if (!bytes.subarray(0, XERIAL_MAGIC.length).equals(XERIAL_MAGIC)) return [bytes];
  const blocks: Buffer[] = [];
  for (let at = XERIAL_HEADER_SIZE; at < bytes.length;) {
    const size = bytes.readUInt32BE(at);
    blocks.push(bytes.subarray(at + 4, at + 4 + size));
    at += 4 + size;
  }
  return blocks;
}

/** A block begins with the size of what it holds, as a number of 7 bits a byte. https://github.com/google/snappy/blob/main/format_description.txt */
function declaredSize(block: Buffer): number {
  let size = 0;
  for (let at = 0; at < 5; at++) {
    const byte = block[at] ?? 0;
    size += (byte & 0x7f) * 2 ** (7 * at);
    if (byte < 0x80) break;
  }
  return size;
}

async function unpackSnappy(block: Buffer): Promise<Buffer> {
  return (await snappy.uncompress(block, { asBuffer: true })) as Buffer;
}
