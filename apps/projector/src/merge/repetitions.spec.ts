import { describe, expect, it } from '@jest/globals';
import type { AccountStatusReported, ReviewStatusReported } from '#contracts';
import { deriveAccount } from './account-state.js';
import { deriveReview } from './review-state.js';

const at = (minute: number) => new Date(Date.UTC(2026, 6, 9, 3, minute)).toISOString();

function notice(value: string, minute: number, id = `${value} ${minute}`) {
  const data = { value, occurredAt: at(minute), occurredAtFrom: 'observed' } as AccountStatusReported;
  return { id, receiptId: 'r', data };
}

function verdict(status: ReviewStatusReported['status'], minute: number) {
  const data = { status, reviewId: null, occurredAt: at(minute), occurredAtFrom: 'observed' } as ReviewStatusReported;
  return { id: `${status} ${minute}`, receiptId: 'r', data };
}

describe('notices without time and id of their own', () => {
  it('are the same notice when pushed again: the first time stands', () => {
    expect(deriveAccount([notice('YELLOW', 0), notice('YELLOW', 1), notice('YELLOW', 16)]).occurredAt).toBe(at(0));
  });

  it('are the same notice in whatever order their fields came', () => {
    const [pushed, queued] = [notice('YELLOW', 0), notice('YELLOW', 1)];
    const state = deriveAccount([
      { ...pushed, data: { ...pushed.data, extra: { a: 1, b: 2 } } },
      { ...queued, data: { ...queued.data, extra: { b: 2, a: 1 } } },
    ]);
    expect(state.occurredAt).toBe(at(0));
  });

  it('are another notice after more than half an hour', () => {
    expect(deriveAccount([notice('YELLOW', 0), notice('YELLOW', 31)]).occurredAt).toBe(at(31));
  });

  it('are another notice when something different stands between', () => {
    const state = deriveAccount([notice('paused', 0), notice('resumed', 1), notice('paused', 2)]);
    expect(state).toMatchObject({ value: 'paused', occurredAt: at(2) });
    expect(deriveReview([verdict('paused', 0), verdict('approved', 1), verdict('paused', 2)]).status).toBe('paused');
  });

  it('are reviewed anew without a work order: `pending` after a verdict is pending', () => {
    expect(deriveReview([verdict('approved', 0), verdict('pending', 5)]).status).toBe('pending');
  });
});
