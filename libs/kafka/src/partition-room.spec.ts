import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { partitionOf } from './murmur2.js';
import { PartitionRoom } from './partition-room.js';

describe('PartitionRoom', () => {
  it('never lets more into a partition than it may have, but for a single record', () => {
    const records = fc.array(fc.record({ keyHash: fc.integer(), size: fc.integer({ min: 1, max: 60 }) }));
    fc.assert(
      fc.property(records, fc.integer({ min: 1, max: 5 }), (all, partitions) => {
        const room = new PartitionRoom(100, Infinity, new Map([['t', partitions]]));
        const taken = all.filter(({ keyHash, size }) => room.take('t', keyHash, size));
        for (let partition = 0; partition < partitions; partition++) {
          const inIt = taken.filter(({ keyHash }) => partitionOf(keyHash, partitions) === partition);
          const bytes = inIt.reduce((sum, { size }) => sum + size, 0);
          expect(inIt.length === 1 || bytes <= 100).toBe(true);
        }
      }),
    );
  });

  it('never lets more into a send than it may have, but for a single record', () => {
    const sizes = fc.array(fc.integer({ min: 1, max: 60 }));
    fc.assert(
      fc.property(sizes, (all) => {
        const room = new PartitionRoom(1_000, 100, new Map([['t', 50]]));
        const taken = all.filter((size, at) => room.take('t', at, size));
        const bytes = taken.reduce((sum, size) => sum + size, 0);
        expect(taken.length <= 1 || bytes <= 100).toBe(true);
      }),
    );
  });

  it('counts a topic as one partition while their number is unknown, and for records without a key', () => {
    const room = new PartitionRoom(100, Infinity, new Map([['known', 1_000]]));
    expect(['a', 'b'].map((_, hash) => room.take('unknown', hash, 60))).toEqual([true, false]);
    expect([1, 2].map(() => room.take('known', null, 60))).toEqual([true, false]);
  });
});
