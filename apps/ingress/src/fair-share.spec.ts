import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { FairShare } from './fair-share.js';

describe('FairShare', () => {
  it('gives one alone three quarters, and whoever comes new finds room', () => {
    const share = new FairShare(1_000);
    const [greedy, modest] = [share.holder(), share.holder()];
    while (share.take(greedy, 1) === null) continue;
    expect(greedy.held).toBeGreaterThanOrEqual(750);
    expect(greedy.held).toBeLessThanOrEqual(752);
    expect(share.take(greedy, 1)).toBe('over-share');
    expect(share.take(modest, 200)).toBeNull();
    expect(share.take(modest, 200)).toBe('full');
  });

  it('gives him who holds nothing all there is, so that the largest receipt fits the smallest room', () => {
    const share = new FairShare(100);
    expect(share.take(share.holder(), 100)).toBeNull();
    expect(share.take(share.holder(), 1)).toBe('full');
  });

  it('gives again what was given back, and nothing when it refuses', () => {
    const share = new FairShare(10);
    const holder = share.holder();
    expect([share.take(holder, 10), share.take(holder, 1), holder.held]).toEqual([null, 'full', 10]);
    share.giveBack(holder, 10);
    expect([share.held, share.take(holder, 10)]).toEqual([0, null]);
  });

  it('never gives more than there is, and however many greedy ones there are, there is some for one more', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 20 }), fc.array(fc.nat(19), { maxLength: 3_000 }), (number, order) => {
        const share = new FairShare(1_000);
        const greedy = Array.from({ length: number }, () => share.holder());
        for (const each of order) share.take(greedy[each % number]!, 1);
        expect(share.held).toBe(greedy.reduce((sum, { held }) => sum + held, 0));
        expect(share.held).toBeLessThan(1_000);
        expect(share.take(share.holder(), 1)).toBeNull();
      }),
    );
  });
});
