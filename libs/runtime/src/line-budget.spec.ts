import { expect, it } from '@jest/globals';
import { LineBudget } from './line-budget.js';

it('LineBudget writes so many lines of each message, counts the others, and begins anew', () => {
  const heldBack: [string, number][] = [];
  const budget = new LineBudget((...told) => heldBack.push(told), 2);
  const admitted = (message: string): boolean[] => [1, 2, 3, 4].map(() => budget.admits(message));
  expect(admitted('a.failed')).toEqual([true, true, false, false]);
  expect(budget.admits('b.failed')).toBe(true);
  expect(heldBack).toEqual([]);
  budget.endWindow();
  expect(heldBack).toEqual([['a.failed', 2]]);
  budget.endWindow();
  expect(heldBack).toHaveLength(1);
  expect(budget.admits('a.failed')).toBe(true);
});
