import { count } from './console.js';
import type { RunOutcome } from './run-outcome.js';

/** What the simulator says about its run: the part of its answer that is looked at here. */
export interface SimulatedRun {
  readonly state: 'running' | 'finished';
  readonly seed: number;
  readonly rate: number;
  readonly progress: {
    readonly planned: number;
    readonly pushed: number;
    readonly accepted: number;
    readonly retried: number;
    readonly givenUp: number;
  };
  readonly expected: {
    readonly tag: string;
    readonly receipts: number;
    readonly messages: number;
    readonly messagesDelivered: number;
    readonly replies: number;
    readonly reviews: number;
    readonly reviewsApproved: number;
    readonly reviewsRejected: number;
    readonly malformed: number;
  };
}

/**
 * Compares what was sent with what is found: every message, reply and review once, and as dead letters exactly what
 * was malformed on purpose. Of receipts more than accepted may be found: an answer that came too late was pushed again.
 * @returns what does not agree, for people; empty if all is well
 */
export function disagreements({ progress, expected }: SimulatedRun, outcome: RunOutcome): string[] {
  const found: string[] = [];
  const mustEqual = (what: string, is: number, should: number): void => {
    if (is !== should) found.push(`${what}: ${count(is)} found, ${count(should)} expected`);
  };
  const distinct = (type: string): number => outcome.eventsByType.get(type)?.distinct ?? 0;

  mustEqual('receipts given up by the simulator', progress.givenUp, 0);
  mustEqual('receipts accepted', progress.accepted, expected.receipts);
  if (outcome.receipts < progress.accepted) mustEqual('receipts on the raw topic', outcome.receipts, progress.accepted);
  mustEqual('delivery reports as events', distinct('io.quittance.message.status-reported.v1'), expected.messages);
  mustEqual('replies as events', distinct('io.quittance.message.originated.v1'), expected.replies);
  mustEqual('review reports as events', distinct('io.quittance.review.status-reported.v1'), expected.reviews * 2);
  mustEqual('rows in message', outcome.rows.message, expected.messages);
  mustEqual('rows in message that are delivered', outcome.rowsByStatus.delivered, expected.messagesDelivered);
  mustEqual('rows in mobile_originated', outcome.rows.mobileOriginated, expected.replies);
  mustEqual('rows in review', outcome.rows.review, expected.reviews);
  mustEqual('rows in review that are approved', outcome.rowsByStatus.approved, expected.reviewsApproved);
  mustEqual('rows in review that are rejected', outcome.rowsByStatus.rejected, expected.reviewsRejected);
  const published = outcome.subscriberEvents;
  mustEqual('messages with a status event', published['message-status.v1'].distinct, expected.messages);
  mustEqual('replies with an event', published['mobile-originated.v1'].distinct, expected.replies);
  mustEqual('reviews with a status event', published['review-status.v1'].distinct, expected.reviews);
  mustEqual('dead letters', outcome.deadLetters.distinct, expected.malformed);
  return found;
}
