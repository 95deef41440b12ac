import { expect, it } from '@jest/globals';
import { validate, version } from 'uuid';
import { isSampled, newReceiptId } from './receipt-id.js';

it('receipt ids are UUIDs of version 7, made now, and all different', () => {
  const before = Date.now();
  const ids = Array.from({ length: 5_000 }, newReceiptId);
  const after = Date.now();
  expect(new Set(ids).size).toBe(ids.length);
  const isOfNow = (id: string): boolean => {
    const moment = parseInt(id.replaceAll('-', '').slice(0, 12), 16);
    return before <= moment && moment <= after;
  };
  expect(ids.filter((id) => !validate(id) || version(id) !== 7 || !isOfNow(id))).toEqual([]);
});

it('a sample has the share of the ids that it should, and always the same ones', () => {
  const ids = Array.from({ length: 20_000 }, newReceiptId);
  const sampled = (share: number): string[] => ids.filter((id) => isSampled(id, share));
  expect([sampled(0).length, sampled(1).length]).toEqual([0, ids.length]);
  // Five standard deviations and more, so that chance does not fail it.
  expect(Math.abs(sampled(0.1).length - 2_000)).toBeLessThan(300);
  const half = new Set(sampled(0.5));
  expect(sampled(0.1).filter((id) => !half.has(id))).toEqual([]);
});
