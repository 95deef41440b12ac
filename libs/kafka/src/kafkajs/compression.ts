/**
 * Codecs that kafkajs leaves to its users. Topics of ours are written uncompressed, but an operator may set
 * `compression.type` on a topic or a sending service may compress its submissions, and then every batch must be read.
 */
import { zstdCompress, zstdDecompress } from 'node:zlib';
import { promisify } from 'node:util';
import { compressFrame, decompressFrame } from 'lz4-napi';
import snappy from 'snappy';

/** What kafkajs asks of a codec. */
export interface Codec {
  compress(encoder: { buffer: Buffer }): Promise<Buffer>;
  decompress(bytes: Buffer): Promise<Buffer>;
}

/** Java's clients write Snappy in blocks behind this header (snappy-java's SnappyOutputStream). */
const XERIAL_MAGIC = Buffer.from([0x82, 0x53, 0x4e, 0x41, 0x50, 0x50, 0x59, 0]);
const XERIAL_HEADER_SIZE = 16;

export const snappyCodec: Codec = {
  compress: ({ buffer }) => snappy.compress(buffer),
  async decompress(bytes) {
    if (!bytes.subarray(0, XERIAL_MAGIC.length).equals(XERIAL_MAGIC)) return unpackSnappy(bytes);
    const blocks: Buffer[] = [];
    for (let at = XERIAL_HEADER_SIZE; at < bytes.length;) {
      const size = bytes.readInt32BE(at);
      blocks.push(await unpackSnappy(bytes.subarray(at + 4, at + 4 + size)));
      at += 4 + size;
    }
    return Buffer.concat(blocks);
  },
};

export const lz4Codec: Codec = {
  compress: ({ buffer }) => compressFrame(buffer),
  decompress: (bytes) => decompressFrame(bytes),
};

const pack = promisify(zstdCompress);
const unpack = promisify(zstdDecompress);

export const zstdCodec: Codec = {
  compress: ({ buffer }) => pack(buffer),
  decompress: (bytes) => unpack(bytes),
};

async function unpackSnappy(block: Buffer): Promise<Buffer> {
  return (await snappy.uncompress(block, { asBuffer: true })) as Buffer;
}
