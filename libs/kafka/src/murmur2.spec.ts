import { createRequire } from 'node:module';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { murmur2, partitionOf } from './murmur2.js';

const require = createRequire(import.meta.url);
const original = require('kafkajs/src/producer/partitioners/default/murmur2') as (key: Buffer | string) => number;

describe('murmur2', () => {
  it.each([
    // The values of org.apache.kafka.common.utils.UtilsTest.
    ['21', -973932308],
    ['foobar', -790332482],
    ['a-little-bit-long-string', -985981536],
    ['a-little-bit-longer-string', -1486304829],
    ['lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8', -58897971],
  ])('hashes %s as the Java client does', (key, hash) => {
    const bytes = Buffer.from(`--${key}-`);
    expect(murmur2(bytes, 2, bytes.length - 1)).toBe(hash);
  });

  it('chooses the partition that kafkajs would choose', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 50 }), fc.integer({ min: 1, max: 100 }), (array, partitions) => {
        const key = Buffer.from(array);
        expect(partitionOf(murmur2(key, 0, key.length), partitions)).toBe((original(key) & 0x7fffffff) % partitions);
      }),
    );
  });
});
