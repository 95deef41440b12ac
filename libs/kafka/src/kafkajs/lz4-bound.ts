/** Parts of an LZ4 frame: https://github.com/lz4/lz4/blob/dev/doc/lz4_Frame_format.md */
const MAGIC = 0x184d2204;
const HAS_BLOCK_CHECKSUMS = 0x10;
const HAS_CONTENT_SIZE = 0x08;
const HAS_CONTENT_CHECKSUM = 0x04;
const HAS_DICTIONARY_ID = 0x01;
/** By the number that a frame gives for its largest block: 64 KiB, 256 KiB, 1 MiB, 4 MiB. */
const LARGEST_BLOCK: Readonly<Record<number, number>> = { 4: 1 << 16, 5: 1 << 18, 6: 1 << 20, 7: 1 << 22 };
const IS_UNCOMPRESSED = 0x80000000;
/** A byte of a compressed block says at most so many. */
const MOST_PER_BYTE = 255;

/**
 * What LZ4 frames hold at most when they are unpacked, bytes, by their blocks: a frame need not say how much it holds, and
 * where it does, nobody has checked it. Infinity where they are no frames.
 */
export function lz4Bound(bytes: Buffer): number {
  let bound = 0;
  for (let at = 0; at < bytes.length;) {
    if (at + 7 > bytes.length || bytes.readUInt32LE(at) !== MAGIC) return Infinity;
    const flags = bytes[at + 4]!;
    const largest = LARGEST_BLOCK[(bytes[at + 5]! >> 4) & 0x07];
    if (largest === undefined) return Infinity;
    at += 7 + (flags & HAS_CONTENT_SIZE ? 8 : 0) + (flags & HAS_DICTIONARY_ID ? 4 : 0);
    for (;;) {
      // Without an end mark it is cut off; whoever unpacks it will say so.
      if (at + 4 > bytes.length) return bound;
      const field = bytes.readUInt32LE(at);
      at += 4;
      if (field === 0) break;
      const size = field % IS_UNCOMPRESSED;
      bound += field >= IS_UNCOMPRESSED ? size : Math.min(largest, size * MOST_PER_BYTE);
      at += size + (flags & HAS_BLOCK_CHECKSUMS ? 4 : 0);
    }
    at += flags & HAS_CONTENT_CHECKSUM ? 4 : 0;
  }
  return bound;
}
