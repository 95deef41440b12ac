import { describe, expect, it } from '@jest/globals';
import { report, uuid } from '../../../../../test/storage/reports.js';
import type { MessageSubmitted } from '#contracts';
import { deriveMessage } from '../../merge/message-state.js';
import type { MessageFact } from '../../merge/message-fact.js';
import type { Fact } from '../../merge/fact-set.js';
import { noReceiptEvent } from '../../timeouts/no-receipt.js';
import { answerOfMessage, answerOfReceipt } from './answer.js';
import type { LetterTrace } from './letters.js';
import { MASKED, UNMASKED } from './masked.js';
import type { EventTrace, ReceiptStory } from './receipt-story.js';
import type { ReceiptTrace } from './receipt-trace.js';
import type { Stages } from './stages.js';

const KEY = uuid(1);
const AT = '2026-07-09T03:01:33.000Z';

function said(which: number, changes: Parameters<typeof report>[1]): Fact<MessageFact> {
  const { id, receiptId, data } = report(1, { report: which, ...changes });
  return { id, receiptId, data };
}

const SUBMITTED: MessageSubmitted = {
  provider: 'alibaba',
  account: 'main',
  channel: 'sms',
  labels: {},
  messageKey: KEY,
  messageId: 'id-1',
  sender: null,
  recipient: '+8613800000001',
  reference: null,
  submittedAt: '2026-07-09T03:00:00.000Z',
  expectReportWithin: 'PT48H',
};
const SUBMISSION: Fact<MessageFact> = { id: uuid(1, 9), receiptId: 'submissions/0/1', data: SUBMITTED };
const NO_RECEIPT: Fact<MessageFact> = noReceiptEvent([SUBMISSION], 'quittance')!;

const PENDING = { status: 'pending', final: false, providerStatus: 'false', providerCode: 'REQUEST_SUCCESS' } as const;
const FAILED = {
  status: 'failed',
  reason: 'number',
  retry: 'never',
  providerStatus: 'false',
  providerCode: 'MK:0001',
  providerDescription: 'no such number 13812345678',
} as const;

const LETTER: LetterTrace = {
  id: '3/128',
  partition: 3,
  offset: '128',
  at: new Date(AT),
  state: 'open',
  code: 'FIELD_MISSING',
  detail: 'biz_id',
  stage: 'normaliser',
  source: 'sms-report',
  receiptId: uuid(5),
  element: 0,
  origin: null,
  reader: null,
  redrivenFrom: null,
  changes: [],
};

const DISCARDED: LetterTrace = {
  ...LETTER,
  state: 'discarded',
  changes: [{ at: new Date(AT), state: 'discarded', by: 'Night shift', forced: false, reason: null }],
};
const GIVEN_UP = `FIELD_MISSING at the normaliser (biz_id), discarded at ${AT} by Night shift. To have it all the same: npm run ops -- dead-letters redrive 3/128 --force`;

const stagesBehind = (normaliser: bigint, projector: bigint): Stages => ({
  normaliserBehind: normaliser,
  projectorBehind: projector,
  hasPassed: () => null,
});

function answer(
  facts: readonly Fact<MessageFact>[],
  {
    letters = [] as LetterTrace[],
    stages = null as Stages | null,
    mask = MASKED,
    expiryPublishedAt = null as number | null,
  } = {},
): string {
  const row = { key: KEY, revision: 1, facts, writtenAt: 0, expiryPublishedAt };
  return answerOfMessage({ state: deriveMessage(facts), letters, row }, mask, stages);
}

describe('why a message is not delivered', () => {
  it.each<[string, readonly Fact<MessageFact>[], Parameters<typeof answer>[1], string]>([
    ['it is', [said(0, {})], {}, `Delivered: the provider said delivered at ${AT}.`],
    [
      'it is, and somebody says otherwise',
      [said(0, {}), said(1, FAILED)],
      {},
      `Delivered: the provider said delivered at ${AT}. Another report says that it did not arrive: a delivery counts more.`,
    ],
    [
      'the provider says that it failed',
      [said(0, PENDING), said(1, FAILED)],
      {},
      `Not delivered: the provider said failed at ${AT}: the number does not exist or is not in service (status false, code MK:0001, “no such number ****”, final). Sending it again would not help.`,
    ],
    [
      'the same, for whoever may see numbers',
      [said(1, FAILED)],
      { mask: UNMASKED },
      `Not delivered: the provider said failed at ${AT}: the number does not exist or is not in service (status false, code MK:0001, “no such number 13812345678”, final). Sending it again would not help.`,
    ],
    [
      'nobody has reported anything',
      [SUBMISSION],
      {},
      'Pending: submitted at 2026-07-09T03:00:00.000Z, and no report has come since. The timeout is due at 2026-07-11T03:00:00.000Z.',
    ],
    [
      'the timeout is being told',
      [SUBMISSION],
      { expiryPublishedAt: Date.parse('2026-07-11T03:00:31Z') },
      'Pending: submitted at 2026-07-09T03:00:00.000Z, and no report has come since. That the wait is over was published at 2026-07-11T03:00:31.000Z, and is on its way.',
    ],
    [
      'only an interim report has come',
      [said(0, PENDING)],
      {},
      `Pending: the last word is pending, at ${AT} (status false, code REQUEST_SUCCESS); no final report has come since. No sending service has told us of it, so no timeout will end the wait.`,
    ],
    [
      'the wait is over',
      [SUBMISSION, NO_RECEIPT],
      {},
      'Not known to be delivered: no final report had come by 2026-07-11T03:00:00.000Z, so Quittance said expired. One that comes late still counts.',
    ],
    [
      'its report is a dead letter',
      [SUBMISSION, NO_RECEIPT],
      { letters: [{ ...LETTER, id: '1/1', state: 'discarded' }, LETTER] },
      'Not known to be delivered: no final report had come by 2026-07-11T03:00:00.000Z, so Quittance said expired. One that comes late still counts. A report that may be about it is a dead letter: FIELD_MISSING at the normaliser (biz_id). When the cause is mended: npm run ops -- dead-letters redrive 3/128',
    ],
    [
      'somebody has given up its report',
      [said(0, PENDING)],
      { letters: [DISCARDED] },
      `Pending: the last word is pending, at ${AT} (status false, code REQUEST_SUCCESS); no final report has come since. No sending service has told us of it, so no timeout will end the wait. A report that may be about it is a dead letter: ${GIVEN_UP}`,
    ],
    [
      'its report may be on the way',
      [SUBMISSION],
      { stages: stagesBehind(12n, 3n) },
      'Pending: submitted at 2026-07-09T03:00:00.000Z, and no report has come since. The timeout is due at 2026-07-11T03:00:00.000Z. Its report may be on the way: 12 receipts wait for the normaliser and 3 events for the projector.',
    ],
    [
      'all of these: the command to be copied stands last',
      [{ ...said(0, PENDING), erased: true }],
      { letters: [LETTER], stages: stagesBehind(12n, 3n) },
      `Pending: the last word is pending, at ${AT} (status false, code REQUEST_SUCCESS); no final report has come since. No sending service has told us of it, so no timeout will end the wait. The person has been erased: number and texts are gone. Its report may be on the way: 12 receipts wait for the normaliser and 3 events for the projector. A report that may be about it is a dead letter: FIELD_MISSING at the normaliser (biz_id). When the cause is mended: npm run ops -- dead-letters redrive 3/128`,
    ],
    [
      'a segment has not been reported',
      [said(0, { segment: { number: 1, total: 2 } })],
      {},
      `Pending: the last word is pending, at ${AT}; no final report has come since. No sending service has told us of it, so no timeout will end the wait. Of 2 segments 1 delivered, 0 failed, 1 not reported for good.`,
    ],
    [
      'the provider did not say',
      [said(0, { status: 'unknown', providerStatus: 'UNKNOWN', providerCode: null })],
      {},
      `Not known: the provider reported at ${AT} without saying what became of it (status UNKNOWN). No sending service has told us of it, so no timeout will end the wait.`,
    ],
    [
      'a later version knows a status that we do not',
      [said(0, { status: 'teleported' as 'unknown', providerStatus: null, providerCode: null })],
      {},
      `Not known: the provider reported at ${AT} without saying what became of it. No sending service has told us of it, so no timeout will end the wait.`,
    ],
    [
      'the person has been erased',
      [{ ...said(0, {}), erased: true }],
      {},
      `Delivered: the provider said delivered at ${AT}. The person has been erased: number and texts are gone.`,
    ],
  ])('because %s', (_why, facts, options, sentence) => {
    expect(answer(facts, options)).toBe(sentence);
  });
});

const RECEIPT: ReceiptTrace = {
  id: uuid(5),
  position: 'raw/0/7',
  whereabouts: 'there',
  receivedAt: Date.parse(AT),
  writtenAt: Date.parse(AT),
  source: 'sms-report',
  account: 'main',
  transport: 'http',
  authenticatedBy: 'token',
  queuedAt: null,
  bytes: 100,
};
const EVENT: EventTrace = {
  id: uuid(6),
  type: 'io.quittance.message.status-reported.v1',
  key: KEY,
  position: 'events/0/9',
  at: Date.parse(AT),
  isProjected: true,
  told: null,
};

function story(changes: Partial<ReceiptStory>): string {
  return answerOfReceipt({
    receipt: RECEIPT,
    isComplete: true,
    events: [],
    letters: [],
    ledger: null,
    stages: stagesBehind(0n, 0n),
    ...changes,
  });
}

describe('where a receipt is', () => {
  const head = `Received at ${AT} by sms-report (http)`;

  it.each<[string, Partial<ReceiptStory>, string | RegExp]>([
    ['projected', { events: [EVENT, EVENT] }, `${head}: 2 events, projected.`],
    [
      'on its way to the rows',
      { events: [{ ...EVENT, isProjected: false }] },
      `${head}: 1 event, 1 of them not projected yet.`,
    ],
    [
      'in part a dead letter',
      { events: [EVENT], letters: [LETTER] },
      `${head}: 1 event, projected. 1 dead letters are open; the first: FIELD_MISSING at the normaliser (biz_id). When the cause is mended: npm run ops -- dead-letters redrive 3/128`,
    ],
    [
      'a dead letter that somebody has dealt with',
      { letters: [DISCARDED] },
      `${head}: nothing of it could be read. The last of its dead letters: ${GIVEN_UP}`,
    ],
    ['empty', { ledger: 'empty' }, `${head}: it held no element, so nothing came of it.`],
    [
      'waiting',
      { stages: { ...stagesBehind(40n, 0n), hasPassed: () => false } },
      `${head}: it waits for the normaliser, which is 40 receipts behind.`,
    ],
    [
      'older than its events',
      { ledger: 'projected' },
      /^Received at .*, and projected; its events have left the topic/,
    ],
    [
      'perhaps lost',
      { ledger: 'open' },
      /no event and no dead letter of it was found; npm run ops -- ledger --hour 2026-07-09T03:01/,
    ],
    ['gone', { receipt: { ...RECEIPT, whereabouts: 'gone' } }, /^Gone: /],
    ['nowhere', { receipt: { ...RECEIPT, whereabouts: 'not-found' } }, /^Not found: .*--within 6h/],
    [
      'nowhere in what could be looked through',
      { receipt: { ...RECEIPT, whereabouts: 'not-found' }, isComplete: false },
      /^Not found in what was looked through/,
    ],
    [
      'a dead letter of which the record has gone',
      { receipt: { ...RECEIPT, whereabouts: 'gone' }, letters: [LETTER] },
      /^Its record is not found, but it is a dead letter: FIELD_MISSING/,
    ],
    [
      'one that was sent in again',
      { receipt: { ...RECEIPT, whereabouts: 'gone' }, letters: [{ ...DISCARDED, state: 'redriven' }] },
      /a dead letter: FIELD_MISSING at the normaliser \(biz_id\), redriven at \S+ by Night shift\.$/,
    ],
  ])('%s', (_where, changes, sentence) => {
    if (typeof sentence === 'string') expect(story(changes)).toBe(sentence);
    else expect(story(changes)).toMatch(sentence);
  });
});
