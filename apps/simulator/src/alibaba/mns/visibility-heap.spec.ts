import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Waiting } from './visibility-heap.js';
import { createVisibilityHeap } from './visibility-heap.js';

describe('the heap of what waits', () => {
  it('always has the earliest first, whatever comes and leaves', () => {
    const steps = fc.array(fc.oneof(fc.record({ add: fc.nat(50) }), fc.record({ remove: fc.nat() })), {
      maxLength: 300,
    });
    fc.assert(
      fc.property(steps, (all) => {
        const heap = createVisibilityHeap<Waiting>();
        const there: Waiting[] = [];
        for (const step of all) {
          if ('add' in step) {
            const item = { visibleAt: step.add, heapIndex: -1 };
            there.push(item);
            heap.add(item);
          } else if (there.length > 0) {
            const [item] = there.splice(step.remove % there.length, 1);
            heap.remove(item!);
            expect(item!.heapIndex).toBe(-1);
          }
          expect(heap.size).toBe(there.length);
          const earliest = there.length === 0 ? undefined : Math.min(...there.map(({ visibleAt }) => visibleAt));
          expect(heap.first()?.visibleAt).toBe(earliest);
        }
      }),
    );
  });
});
