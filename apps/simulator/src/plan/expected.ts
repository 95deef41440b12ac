import type { FactCounts } from './part.js';
import type { MessageStatus, ReviewStatus, Truth } from './truth.js';

/** What must be found behind the ingress when everything has come. Counts of distinct things. */
export interface ExpectedCounts extends FactCounts {
  /** Messages by what becomes of them in the end. */
  readonly messages: Readonly<Partial<Record<MessageStatus, number>>>;
  /** Messages that were reported as arrived and as lost. */
  readonly conflicts: number;
  /** Signatures and templates by how their last review ends. */
  readonly reviews: Readonly<Partial<Record<ReviewStatus, number>>>;
  /** Aspects of numbers, accounts, templates and persons that there were notices about. */
  readonly subjects: number;
  /** Bodies that cannot be read, sent on purpose: one dead letter each. */
  readonly malformed: number;
}

/** Counts a truth. */
export function expectedCounts(truth: readonly Truth[], facts: FactCounts): ExpectedCounts {
  const messages: Partial<Record<MessageStatus, number>> = {};
  const reviews: Partial<Record<ReviewStatus, number>> = {};
  let [conflicts, subjects, malformed] = [0, 0, 0];
  for (const thing of truth) {
    switch (thing.kind) {
      case 'message':
        messages[thing.status] = (messages[thing.status] ?? 0) + 1;
        if (thing.conflict) conflicts += 1;
        break;
      case 'review':
        reviews[thing.status] = (reviews[thing.status] ?? 0) + 1;
        break;
      case 'notice':
        subjects += 1;
        break;
      case 'poison':
        malformed += 1;
        break;
      case 'reply':
        break;
    }
  }
  return { ...facts, messages, conflicts, reviews, subjects, malformed };
}
