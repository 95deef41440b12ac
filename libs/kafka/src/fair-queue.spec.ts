import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { FairQueue } from './fair-queue.js';

function take(queue: FairQueue<string>, most: number): string[] {
  const taken: string[] = [];
  queue.takeWhile((item) => {
    if (taken.length === most) return false;
    taken.push(item);
    return true;
  });
  return taken;
}

describe('FairQueue', () => {
  it('serves one of each line in turn', () => {
    const queue = new FairQueue<string>();
    for (const item of ['a1', 'a2', 'a3', 'a4', 'b1', 'b2', 'c1']) queue.push(item.charAt(0), item);
    expect(take(queue, 10)).toEqual(['a1', 'b1', 'c1', 'a2', 'b2', 'a3', 'a4']);
    expect(queue).toHaveLength(0);
  });

  it('goes on with the line whose turn it was, so that a first one does not always win', () => {
    const queue = new FairQueue<string>();
    for (const item of ['a1', 'a2', 'b1', 'b2', 'c1']) queue.push(item.charAt(0), item);
    expect([take(queue, 1), take(queue, 1), take(queue, 1), take(queue, 1)].flat()).toEqual(['a1', 'b1', 'c1', 'a2']);
    queue.push('d', 'd1');
    expect(take(queue, 9)).toEqual(['b2', 'd1']);
  });

  it('takes out what is meant, wherever it stands', () => {
    const queue = new FairQueue<string>();
    for (const item of ['a1', 'a2', 'b1', 'b2']) queue.push(item.charAt(0), item);
    expect(queue.remove((item) => item.endsWith('1'))).toEqual(['a1', 'b1']);
    expect(queue).toHaveLength(2);
    expect(take(queue, 9)).toEqual(['a2', 'b2']);
  });

  it('loses nothing, keeps the order of a line, and lets nobody wait longer than his line and the number of lines say', () => {
    const lines = fc.array(fc.integer({ min: 0, max: 3 }), { maxLength: 60 });
    fc.assert(
      fc.property(lines, fc.array(fc.integer({ min: 0, max: 7 }), { maxLength: 20 }), (pushed, sizes) => {
        const queue = new FairQueue<string>();
        for (const [at, line] of pushed.entries()) queue.push(String(line), `${line}-${String(at).padStart(3, '0')}`);
        const taken = [...sizes.flatMap((size) => take(queue, size)), ...take(queue, Infinity)];
        expect(queue).toHaveLength(0);
        expect(taken.toSorted()).toEqual(pushed.map((line, at) => `${line}-${String(at).padStart(3, '0')}`).toSorted());
        for (const line of new Set(pushed)) {
          const own = taken.filter((item) => item.startsWith(`${line}-`));
          expect(own).toEqual(own.toSorted());
          const count = new Set(pushed).size;
          for (const [before, item] of own.entries()) {
            expect(taken.indexOf(item)).toBeLessThan((before + 1) * count);
          }
        }
      }),
    );
  });
});
