import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import { MAX_UNPACKED_BYTES, unpack } from './unpack.js';

const BODY = Buffer.from('[{"a":"b"}]'.repeat(50));

describe('unpack', () => {
  it.each([
    ['gzip', gzipSync(BODY)],
    [' GZIP ', gzipSync(BODY)],
    ['x-gzip', gzipSync(BODY)],
    ['deflate', deflateSync(BODY)],
    ['deflate', deflateRawSync(BODY)],
    ['br', brotliCompressSync(BODY)],
    ['identity', BODY],
    ['', BODY],
  ])('undoes %j', (encoding, packed) => {
    expect(unpack(packed, encoding)).toEqual(BODY);
  });

  it.each([
    ['an encoding we do not know', BODY, 'zstd', 'ENCODING_UNSUPPORTED'],
    ['several encodings', gzipSync(BODY), 'gzip, br', 'ENCODING_UNSUPPORTED'],
    ['what is not packed at all', BODY, 'gzip', 'ENCODING_BROKEN'],
    ['a stream that ends early', gzipSync(BODY).subarray(0, 20), 'gzip', 'ENCODING_BROKEN'],
    ['an empty stream', Buffer.alloc(0), 'deflate', 'ENCODING_BROKEN'],
    ['a broken brotli stream', BODY, 'br', 'ENCODING_BROKEN'],
    ['a bomb', gzipSync(Buffer.alloc(MAX_UNPACKED_BYTES + 1)), 'gzip', 'BODY_TOO_LARGE'],
    ['a brotli bomb', brotliCompressSync(Buffer.alloc(MAX_UNPACKED_BYTES + 1)), 'br', 'BODY_TOO_LARGE'],
  ])('refuses %s', (_what, packed, encoding, code) => {
    expect(unpack(packed, encoding)).toMatchObject({ code });
  });

  it('takes a body that is as large as is allowed', () => {
    expect(unpack(gzipSync(Buffer.alloc(MAX_UNPACKED_BYTES)), 'gzip')).toHaveLength(MAX_UNPACKED_BYTES);
  });
});
