import { expect, it } from '@jest/globals';
import { spanOf, within, type Stretch } from './stretches.js';

const OFFSETS = new Map([[0, { low: 10n, high: 20n }]]);

it.each<{ asked: Stretch; there: Stretch | null; removed: Stretch | null }>([
  { asked: { from: 12n, to: 15n }, there: { from: 12n, to: 15n }, removed: null },
  { asked: { from: 15n, to: 99n }, there: { from: 15n, to: 20n }, removed: null },
  { asked: { from: 5n, to: 15n }, there: { from: 10n, to: 15n }, removed: { from: 5n, to: 10n } },
  { asked: { from: 5n, to: 8n }, there: null, removed: { from: 5n, to: 8n } },
  { asked: { from: 8n, to: 5n }, there: null, removed: null },
  { asked: { from: 20n, to: 99n }, there: null, removed: null },
])('of $asked there is $there of what a topic has', ({ asked, there, removed }) => {
  const told: unknown[] = [];
  const found = within(new Map([[0, asked]]), OFFSETS, (...what) => told.push(what));
  expect(found).toEqual(new Map(there && [[0, there]]));
  expect(told).toEqual(removed === null ? [] : [[0, removed]]);
});

it('there is nothing of a partition that the topic does not have', () => {
  expect(within(new Map([[7, { from: 0n, to: 5n }]]), OFFSETS)).toEqual(new Map());
});

it('stretches span their offsets together', () => {
  const stretches = new Map([
    [0, { from: 3n, to: 5n }],
    [1, { from: 0n, to: 40n }],
    // Behind its own end: it must not make up for what is in the others.
    [2, { from: 45n, to: 3n }],
  ]);
  expect([spanOf(stretches), spanOf(new Map())]).toEqual([42, 0]);
});
