import { expect, it } from '@jest/globals';
import { validate, version } from 'uuid';
import { newReceiptId } from './receipt-id.js';

it('receipt ids are UUIDs of version 7, made now, and all different', () => {
  const before = Date.now();
  const ids = Array.from({ length: 5_000 }, newReceiptId);
  const after = Date.now();
  expect(new Set(ids).size).toBe(ids.length);
  for (const id of ids) {
    expect([validate(id), version(id)]).toEqual([true, 7]);
    const moment = parseInt(id.replaceAll('-', '').slice(0, 12), 16);
    expect(moment).toBeGreaterThanOrEqual(before);
    expect(moment).toBeLessThanOrEqual(after);
  }
});
