import { describe, expect, it } from '@jest/globals';
import type { RunOutcome, Tally } from './run-outcome.js';
import type { SimulatedRun } from './run-verdict.js';
import { disagreements } from './run-verdict.js';
import { summarise } from './summary.js';

const RUN: SimulatedRun = {
  state: 'finished',
  seed: 1,
  rate: 100,
  progress: { planned: 9, pushed: 9, accepted: 9, retried: 0, givenUp: 0 },
  acceptedByReceipt: { alibaba: { SmsReport: 5, ChatAppAudit: 2 }, huawei: { UplinkSms: 2 } },
  expected: {
    tag: '1234567890',
    receipts: 9,
    messages: { delivered: 3, failed: 1 },
    deliveryReports: 6,
    replies: 2,
    reviews: { approved: 1 },
    reviewReports: 2,
    subjects: 1,
    notices: 2,
    malformed: 1,
  },
};

function tally(distinct: number, records = distinct): Tally {
  return { records, distinct };
}

const OUTCOME: RunOutcome = {
  receipts: 9,
  eventsByType: new Map([
    ['io.quittance.message.status-reported.v1', tally(6, 7)],
    ['io.quittance.message.originated.v1', tally(2)],
    ['io.quittance.review.status-reported.v1', tally(2)],
    ['io.quittance.account.status-reported.v1', tally(2)],
  ]),
  subscriberEvents: {
    'message-status.v1': tally(4, 6),
    'mobile-originated.v1': tally(2),
    'review-status.v1': tally(1, 2),
    'account-status.v1': tally(1, 2),
  },
  deadLetters: tally(1),
  rows: { message: { delivered: 3, failed: 1 }, mobileOriginated: 2, review: { approved: 1 }, accountStatus: 1 },
  latencies: [10, 20],
};

describe('disagreements', () => {
  it('finds none where everything is where it belongs', () => {
    expect(disagreements(RUN, OUTCOME)).toEqual([]);
    expect(summarise({ run: RUN, outcome: OUTCOME, missing: [] })).toContain('4: 3 delivered, 1 failed');
  });

  it.each<[string, Partial<RunOutcome>, string[]]>([
    [
      'a message with another outcome',
      { rows: { ...OUTCOME.rows, message: { delivered: 3, expired: 1 } } },
      ['rows in message that are expired: 1 found, 0 expected', 'rows in message that are failed: 0 found, 1 expected'],
    ],
    [
      'a notice that changed nothing',
      { rows: { ...OUTCOME.rows, accountStatus: 0 } },
      ['rows in account_status: 0 found, 1 expected'],
    ],
    ['a dead letter too many', { deadLetters: tally(2) }, ['dead letters: 2 found, 1 expected']],
    ['a receipt that is not on the topic', { receipts: 8 }, ['receipts on the raw topic: 8 found, 9 expected']],
    [
      'a subscriber event that is missing',
      { subscriberEvents: { ...OUTCOME.subscriberEvents, 'account-status.v1': tally(0) } },
      ['accounts and the like with a status event: 0 found, 1 expected'],
    ],
  ])('names %s', (_what, found, lines) => {
    expect(disagreements(RUN, { ...OUTCOME, ...found }).sort()).toEqual(lines);
  });

  it('lets events without an id of their own be more where something was pushed again, and never fewer', () => {
    const eventsWith = (notices: number): RunOutcome => ({
      ...OUTCOME,
      eventsByType: new Map([...OUTCOME.eventsByType, ['io.quittance.account.status-reported.v1', tally(notices)]]),
    });
    const retried: SimulatedRun = { ...RUN, progress: { ...RUN.progress, retried: 1 } };
    expect(disagreements(RUN, eventsWith(3))).toEqual(['notices as events: 3 found, 2 expected']);
    expect(disagreements(retried, eventsWith(3))).toEqual([]);
    expect(disagreements(retried, eventsWith(1))).toEqual(['notices as events: 1 found, 2 expected']);
  });
});
