import { describe, expect, it } from '@jest/globals';
import type { ReviewStatusReported } from '#contracts';
import { deriveReview } from './review-state.js';

function report(reviewId: string, status: ReviewStatusReported['status'], minute: number) {
  return {
    id: `${reviewId} ${status}`,
    receiptId: 'r',
    data: {
      reviewId,
      status,
      occurredAt: new Date(Date.UTC(2026, 6, 9, 3, minute)).toISOString(),
    } as ReviewStatusReported,
  };
}

describe('deriveReview', () => {
  it('keeps a verdict when `pending` of the same work order arrives after it', () => {
    expect(deriveReview([report('w1', 'approved', 1), report('w1', 'pending', 2)]).status).toBe('approved');
  });

  it('takes the later verdict of one work order', () => {
    expect(deriveReview([report('w1', 'rejected', 2), report('w1', 'approved', 1)]).status).toBe('rejected');
  });

  it('takes the later work order, also while it is pending', () => {
    expect(deriveReview([report('w2', 'pending', 3), report('w1', 'approved', 1)]).status).toBe('pending');
  });
});
