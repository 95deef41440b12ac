import { describe, expect, it } from '@jest/globals';
import type { RunOutcome, Tally } from './run-outcome.js';
import type { SimulatedRun } from './run-verdict.js';
import { disagreements } from './run-verdict.js';
import { summarise } from './summary.js';

const RUN: SimulatedRun = {
  state: 'finished',
  seed: 1,
  rate: 100,
  startedAt: '2026-11-21T17:00:00.000Z',
  progress: {
    push: { planned: 6, pushed: 6, accepted: 6, retried: 0, givenUp: 0 },
    queue: { planned: 3, queued: 3, consumed: 3 },
  },
  acceptedByReceipt: { alibaba: { SmsReport: 2, ChatAppAudit: 2 }, huawei: { UplinkSms: 2 } },
  consumedByReceipt: { alibaba: { SmsReport: 3, ChatAppAudit: 0 } },
  expected: {
    tag: '1234567890',
    messages: { delivered: 3, failed: 1 },
    deliveryReports: 6,
    replies: 2,
    reviews: { approved: 1 },
    reviewReports: 2,
    subjects: 1,
    notices: 2,
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
  deadLetters: { found: 1, missing: 0, wrong: [] },
  rows: {
    message: { delivered: 3, failed: 1 },
    mobileOriginated: 2,
    review: { approved: 1 },
    accountStatus: 1,
    right: 8,
    missing: 0,
    wrong: [],
    unshown: 0,
  },
  latencies: [10, 20],
};

describe('disagreements', () => {
  it('finds none where everything is where it belongs', () => {
    expect(disagreements(RUN, OUTCOME)).toEqual([]);
    const summary = summarise({ run: RUN, outcome: OUTCOME, missing: [] });
    expect(summary).toContain('4: 3 delivered, 1 failed');
    expect(summary).toMatch(/taken from queues +3\n +of alibaba +SmsReport 3\n/);
  });

  it.each<[string, Partial<RunOutcome>, string[]]>([
    [
      'rows that are not true, and how many more there are',
      { rows: { ...OUTCOME.rows, wrong: ['alibaba message 1: no row'], unshown: 2_000 } },
      ['alibaba message 1: no row', 'and 2,000 more rows that are wrong or missing'],
    ],
    [
      'a dead letter too many',
      { deadLetters: { found: 2, missing: 0, wrong: ['a dead letter that is no poison'] } },
      ['a dead letter that is no poison'],
    ],
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
    const progress = { ...RUN.progress, push: { ...RUN.progress.push, retried: 1 } };
    const retried: SimulatedRun = { ...RUN, progress };
    expect(disagreements(RUN, eventsWith(3))).toEqual(['notices as events: 3 found, 2 expected']);
    expect(disagreements(retried, eventsWith(3))).toEqual([]);
    expect(disagreements(retried, eventsWith(1))).toEqual(['notices as events: 1 found, 2 expected']);
  });

  it('misses what stayed in a queue', () => {
    const progress = { ...RUN.progress, queue: { planned: 3, queued: 3, consumed: 1 } };
    expect(disagreements({ ...RUN, progress }, OUTCOME)).toEqual(['receipts taken from queues: 1 found, 3 expected']);
  });
});
