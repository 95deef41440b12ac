import { brotliDecompressSync, gunzipSync, inflateRawSync, inflateSync } from 'node:zlib';
import type { DeadLetterCode } from '#contracts';

/** A body may unpack to this many bytes: nine times what the ingress takes, and still quick to unpack. */
export const MAX_UNPACKED_BYTES = 8 * 1024 * 1024;

/** Why a body could not be unpacked. */
export interface PackingProblem {
  readonly code: DeadLetterCode;
  readonly detail: string;
}

const LIMIT = { maxOutputLength: MAX_UNPACKED_BYTES };

const UNPACKERS: ReadonlyMap<string, (body: Buffer) => Buffer> = new Map([
  ['gzip', (body) => gunzipSync(body, LIMIT)],
  ['x-gzip', (body) => gunzipSync(body, LIMIT)],
  ['deflate', inflateEither],
  ['br', (body) => brotliDecompressSync(body, LIMIT)],
  ['identity', (body) => body],
  ['', (body) => body],
]);

/**
 * Undoes a `content-encoding`, up to `MAX_UNPACKED_BYTES`. Never throws.
 * @returns the body, or `ENCODING_UNSUPPORTED`, `ENCODING_BROKEN`, `BODY_TOO_LARGE`
 */
export function unpack(body: Buffer, contentEncoding: string): Buffer | PackingProblem {
  const unpacker = UNPACKERS.get(contentEncoding.trim().toLowerCase());
  if (unpacker === undefined) {
    // The value comes from outside, so only its length is repeated.
    return { code: 'ENCODING_UNSUPPORTED', detail: `a content-encoding of ${contentEncoding.length} characters` };
  }
  try {
    return unpacker(body);
  } catch (error) {
    const tooLarge = (error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE';
    return tooLarge
      ? { code: 'BODY_TOO_LARGE', detail: `unpacks to more than ${MAX_UNPACKED_BYTES} bytes` }
      : { code: 'ENCODING_BROKEN', detail: `${body.length} bytes that do not unpack` };
  }
}

/** `deflate` means zlib (RFC 9110, 8.4.1.2), but some clients send the bare stream; the zlib header tells them apart. */
function inflateEither(body: Buffer): Buffer {
  const zlib = body.length >= 2 && (body.readUInt8(0) & 0x0f) === 8 && body.readUInt16BE(0) % 31 === 0;
  return zlib ? inflateSync(body, LIMIT) : inflateRawSync(body, LIMIT);
}
