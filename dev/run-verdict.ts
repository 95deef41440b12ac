import { total } from './compare-rows.js';
import type { RowsByStatus } from './compare-rows.js';
import { count } from './console.js';
import type { RunOutcome } from './run-outcome.js';

/** Receipts by provider and the provider's name of them. */
export type ByReceipt = Readonly<Record<string, Readonly<Record<string, number>>>>;

/** What the simulator says about its run: the part of its answer that is looked at here. */
export interface SimulatedRun {
  readonly state: 'running' | 'finished';
  readonly seed: number;
  readonly rate: number;
  /** RFC 3339. */
  readonly startedAt: string;
  readonly progress: {
    readonly push: {
      readonly planned: number;
      readonly pushed: number;
      readonly accepted: number;
      readonly retried: number;
      readonly givenUp: number;
    };
    readonly queue: { readonly planned: number; readonly queued: number; readonly consumed: number };
  };
  /** Pushes accepted, and messages taken from queues and deleted there. */
  readonly acceptedByReceipt: ByReceipt;
  readonly consumedByReceipt: ByReceipt;
  readonly expected: {
    readonly tag: string;
    /** By what becomes of them. */
    readonly messages: RowsByStatus;
    readonly deliveryReports: number;
    readonly replies: number;
    readonly reviews: RowsByStatus;
    readonly reviewReports: number;
    readonly subjects: number;
    readonly notices: number;
  };
}

/**
 * Compares what was sent with what is found: every row with the truth, every fact an event, every thing told to
 * subscribers, and as dead letters exactly the poison. Of receipts more than accepted may be found: an answer that came
 * too late was pushed again. Then there may also be more events of the kind that has no id and no time of its own.
 * @returns what does not agree, for people; empty if all is well
 */
export function disagreements(run: SimulatedRun, outcome: RunOutcome): string[] {
  return [...disagreementsOfTopics(run, outcome), ...outcome.deadLetters.wrong, ...disagreementsOfRows(run, outcome)];
}

/** As `disagreements`, where nothing can be said of topics: whether everything was taken, and each row with the truth. */
export function disagreementsOfRows({ progress: { push, queue } }: SimulatedRun, { rows }: RunOutcome): string[] {
  const found = [
    ...unequal('receipts given up by the simulator', push.givenUp, 0),
    ...unequal('receipts accepted', push.accepted, push.planned),
    ...unequal('receipts taken from queues', queue.consumed, queue.planned),
    ...rows.wrong,
  ];
  if (rows.unshown > 0) found.push(`and ${count(rows.unshown)} more rows that are wrong or missing`);
  return found;
}

function disagreementsOfTopics({ progress, expected }: SimulatedRun, outcome: RunOutcome): string[] {
  const { push, queue } = progress;
  const { subscriberEvents: published } = outcome;
  const distinct = (type: string): number => outcome.eventsByType.get(type)?.distinct ?? 0;
  const below = (what: string, is: number, should: number): string[] =>
    is < should || push.retried === 0 ? unequal(what, is, should) : [];
  const kept = push.accepted + queue.consumed;
  return [
    ...(outcome.receipts < kept ? unequal('receipts on the raw topic', outcome.receipts, kept) : []),
    ...unequal(
      'delivery reports as events',
      distinct('io.quittance.message.status-reported.v1'),
      expected.deliveryReports,
    ),
    ...unequal('replies as events', distinct('io.quittance.message.originated.v1'), expected.replies),
    ...below('review reports as events', distinct('io.quittance.review.status-reported.v1'), expected.reviewReports),
    ...below('notices as events', distinct('io.quittance.account.status-reported.v1'), expected.notices),
    ...unequal('messages with a status event', published['message-status.v1'].distinct, total(expected.messages)),
    ...unequal('replies with an event', published['mobile-originated.v1'].distinct, expected.replies),
    ...unequal('reviews with a status event', published['review-status.v1'].distinct, total(expected.reviews)),
    ...unequal('accounts and the like with a status event', published['account-status.v1'].distinct, expected.subjects),
  ];
}

function unequal(what: string, is: number, should: number): string[] {
  return is === should ? [] : [`${what}: ${count(is)} found, ${count(should)} expected`];
}
