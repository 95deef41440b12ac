import type { ReviewStatusChanged, ReviewStatusReported } from '#contracts';
import type { Fact } from './fact-set.js';

/** The state of a review: what subscribers are told, without what tells one change from the next. */
export type ReviewState = Omit<ReviewStatusChanged, 'previousStatus' | 'causedBy' | 'revision'>;

type Report = Fact<ReviewStatusReported>;

/**
 * The state that a set of review reports amounts to: the latest wins, but within one work order a verdict beats
 * `pending`, which may arrive after it. The order of `facts` does not matter; there is at least one.
 */
export function deriveReview(facts: readonly Report[]): ReviewState {
  const byWorkOrder = new Map<string | null, Report>();
  for (const fact of facts) {
    const best = byWorkOrder.get(fact.data.reviewId);
    if (!best || beatsInWorkOrder(fact, best)) byWorkOrder.set(fact.data.reviewId, fact);
  }
  return [...byWorkOrder.values()].reduce((best, fact) => (isLater(fact, best) ? fact : best)).data;
}

function beatsInWorkOrder(fact: Report, best: Report): boolean {
  const verdict = isVerdict(fact);
  return verdict === isVerdict(best) ? isLater(fact, best) : verdict;
}

function isVerdict({ data }: Report): boolean {
  return data.status !== 'pending' && data.status !== 'unknown';
}

function isLater(a: Report, b: Report): boolean {
  return a.data.occurredAt === b.data.occurredAt ? a.id > b.id : a.data.occurredAt > b.data.occurredAt;
}
