import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Deadlines } from './deadlines.js';

interface Item {
  readonly dueAt: number;
  readonly allowed: number;
}

describe('Deadlines', () => {
  it('ends what is due and nothing else, whatever was removed before', () => {
    const arrivals = fc.array(
      fc.record({ gap: fc.nat(30), allowed: fc.constantFrom(50, 500, 2000), removed: fc.boolean() }),
    );
    fc.assert(
      fc.property(arrivals, fc.nat(3000), (steps, moment) => {
        const ended = new Set<Item>();
        const deadlines = new Deadlines<Item>((item) => ended.add(item));
        deadlines.stop();
        let now = 0;
        const items = steps.map(({ gap, allowed, removed }) => {
          now += gap;
          const item = { dueAt: now + allowed, allowed };
          deadlines.add(item, allowed);
          if (removed) expect(deadlines.remove(item, allowed)).toBe(true);
          return { item, removed };
        });
        deadlines.sweep(moment);
        const due = items.filter(({ item, removed }) => !removed && item.dueAt <= moment).map(({ item }) => item);
        expect(ended).toEqual(new Set(due));
        expect(deadlines.size).toBe(items.filter(({ removed }) => !removed).length - due.length);
        for (const item of due) expect(deadlines.remove(item, item.allowed)).toBe(false);
      }),
    );
  });
});
