import type { ReviewStatusChanged, ReviewStatusReported } from '#contracts';
import type { Fact } from './fact-set.js';
import { withoutRepetitions } from './repetitions.js';

/** The state of a review: what subscribers are told, without what tells one change from the next. */
export type ReviewState = Omit<ReviewStatusChanged, 'previousStatus' | 'causedBy' | 'revision'>;

type Report = Fact<ReviewStatusReported>;

/**
 * The state that a set of review reports amounts to: the latest wins, but within one work order a verdict beats
 * `pending`, which may arrive after it. Reports without a work order stand for themselves. The order of `facts` does
 * not matter; there is at least one.
 */
export function deriveReview(facts: readonly Report[]): ReviewState {
  const byWorkOrder = new Map<string, Report>();
  for (const fact of withoutRepetitions(facts)) {
    const workOrder = fact.data.reviewId ?? `none ${fact.id}`;
    const best = byWorkOrder.get(workOrder);
    if (!best || isVerdict(fact) || !isVerdict(best)) byWorkOrder.set(workOrder, fact);
  }
  return [...byWorkOrder.values()].reduce((best, fact) => (isLater(fact, best) ? fact : best)).data;
}

function isVerdict({ data }: Report): boolean {
  return data.status !== 'pending' && data.status !== 'unknown';
}

function isLater(a: Report, b: Report): boolean {
  return a.data.occurredAt === b.data.occurredAt ? a.id > b.id : a.data.occurredAt > b.data.occurredAt;
}
