import { count } from './console.js';
import type { RunOutcome } from './run-outcome.js';
import type { RowsByStatus } from './run-rows.js';
import { total } from './run-rows.js';

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
  /** Receipts accepted so far, by provider and the provider's name of the receipt. */
  readonly acceptedByReceipt: Readonly<Record<string, Readonly<Record<string, number>>>>;
  readonly expected: {
    readonly tag: string;
    readonly receipts: number;
    /** By what becomes of them. */
    readonly messages: RowsByStatus;
    readonly deliveryReports: number;
    readonly replies: number;
    readonly reviews: RowsByStatus;
    readonly reviewReports: number;
    readonly subjects: number;
    readonly notices: number;
    readonly malformed: number;
  };
}

/**
 * Compares what was sent with what is found: every message, reply, review and notice once and with the right outcome, and
 * as dead letters exactly what was malformed on purpose. Of receipts more than accepted may be found: an answer that came
 * too late was pushed again. Then there may also be more events of the kind that has no id and no time of its own.
 * @returns what does not agree, for people; empty if all is well
 */
export function disagreements({ progress, expected }: SimulatedRun, outcome: RunOutcome): string[] {
  const found: string[] = [];
  const mustEqual = (what: string, is: number, should: number): void => {
    if (is !== should) found.push(`${what}: ${count(is)} found, ${count(should)} expected`);
  };
  const mustReach = (what: string, is: number, should: number): void => {
    if (is < should || progress.retried === 0) mustEqual(what, is, should);
  };
  const mustEqualByStatus = (what: string, is: RowsByStatus, should: RowsByStatus): void => {
    for (const status of new Set([...Object.keys(is), ...Object.keys(should)])) {
      mustEqual(`${what} that are ${status}`, is[status] ?? 0, should[status] ?? 0);
    }
  };
  const distinct = (type: string): number => outcome.eventsByType.get(type)?.distinct ?? 0;
  const { rows, subscriberEvents: published } = outcome;

  mustEqual('receipts given up by the simulator', progress.givenUp, 0);
  mustEqual('receipts accepted', progress.accepted, expected.receipts);
  if (outcome.receipts < progress.accepted) mustEqual('receipts on the raw topic', outcome.receipts, progress.accepted);
  mustEqual(
    'delivery reports as events',
    distinct('io.quittance.message.status-reported.v1'),
    expected.deliveryReports,
  );
  mustEqual('replies as events', distinct('io.quittance.message.originated.v1'), expected.replies);
  mustReach('review reports as events', distinct('io.quittance.review.status-reported.v1'), expected.reviewReports);
  mustReach('notices as events', distinct('io.quittance.account.status-reported.v1'), expected.notices);
  mustEqualByStatus('rows in message', rows.message, expected.messages);
  mustEqual('rows in mobile_originated', rows.mobileOriginated, expected.replies);
  mustEqualByStatus('rows in review', rows.review, expected.reviews);
  mustEqual('rows in account_status', rows.accountStatus, expected.subjects);
  mustEqual('messages with a status event', published['message-status.v1'].distinct, total(expected.messages));
  mustEqual('replies with an event', published['mobile-originated.v1'].distinct, expected.replies);
  mustEqual('reviews with a status event', published['review-status.v1'].distinct, total(expected.reviews));
  mustEqual('accounts and the like with a status event', published['account-status.v1'].distinct, expected.subjects);
  mustEqual('dead letters', outcome.deadLetters.distinct, expected.malformed);
  return found;
}
