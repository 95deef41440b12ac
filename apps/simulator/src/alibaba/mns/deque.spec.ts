import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { createDeque } from './deque.js';

describe('a deque', () => {
  it('does what an array does', () => {
    const steps = fc.array(fc.oneof(fc.constant('shift' as const), fc.nat(), fc.record({ place: fc.nat(200) })), {
      maxLength: 400,
    });
    fc.assert(
      fc.property(steps, (all) => {
        const deque = createDeque<number>();
        const array: number[] = [];
        for (const step of all) {
          if (step === 'shift') expect(deque.shift()).toBe(array.shift());
          else if (typeof step === 'number') {
            deque.push(step);
            array.push(step);
          } else {
            deque.bringForward(step.place);
            const { place } = step;
            if (place < array.length) [array[0], array[place]] = [array[place]!, array[0]!];
          }
          expect(Array.from({ length: deque.length + 1 }, (_, place) => deque.at(place))).toEqual([
            ...array,
            undefined,
          ]);
        }
      }),
    );
  });
});
