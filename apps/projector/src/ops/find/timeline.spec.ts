import { describe, expect, it } from '@jest/globals';
import { report, uuid } from '../../../../../test/storage/reports.js';
import { deriveMessage } from '../../merge/message-state.js';
import { MASKED } from './masked.js';
import type { MessageTrace } from './message-trace.js';
import type { ReceiptTrace } from './receipt-trace.js';
import { draw, stepsOfMessage, stepsOfReceipt } from './timeline.js';

const RECEIPT: ReceiptTrace = {
  id: '019f44d0-0000-7000-8000-000000000001',
  position: 'quittance.raw-receipts.v1/3/1823',
  whereabouts: 'there',
  receivedAt: Date.parse('2026-07-09T03:01:20.120Z'),
  writtenAt: Date.parse('2026-07-09T03:01:20.130Z'),
  source: 'sms-report',
  account: 'main',
  transport: 'http',
  authenticatedBy: 'token',
  queuedAt: null,
  bytes: 300,
};
const QUEUED: ReceiptTrace = {
  ...RECEIPT,
  id: '019f44d0-0000-7000-8000-000000000002',
  position: 'quittance.raw-receipts.v1/4/99',
  receivedAt: Date.parse('2026-07-09T03:01:34.000Z'),
  writtenAt: Date.parse('2026-07-09T03:09:34.000Z'),
  transport: 'mns',
  authenticatedBy: 'credentials',
  queuedAt: Date.parse('2026-07-09T03:01:33.500Z'),
};

const facts = [
  report(1, { status: 'pending', final: false, providerCode: 'REQUEST_SUCCESS', reference: 'order-4711-of-mine' }),
  report(1, { report: 1, status: 'failed', reason: 'handset', providerCode: 'MK:0001' }),
].map(({ id, receiptId, data }) => ({ id, receiptId, data }));

const TRACE: MessageTrace = {
  key: uuid(1),
  state: deriveMessage(facts),
  row: { key: uuid(1), revision: 2, facts, writtenAt: Date.parse('2026-07-09T03:09:34.100Z'), expiryPublishedAt: null },
  facts: [
    {
      fact: facts[0]!,
      receipt: RECEIPT,
      event: { position: 'quittance.events.v1/11/882', at: RECEIPT.writtenAt! + 20 },
    },
    { fact: facts[1]!, receipt: QUEUED, event: null },
  ],
  letters: [
    {
      id: '3/128',
      partition: 3,
      offset: '128',
      at: new Date('2026-07-09T03:01:20.140Z'),
      state: 'discarded',
      code: 'FIELD_MISSING',
      detail: 'biz_id',
      stage: 'normaliser',
      source: 'sms-report',
      receiptId: RECEIPT.id,
      element: 1,
      origin: RECEIPT.position,
      reader: null,
      redrivenFrom: null,
      changes: [
        {
          at: new Date('2026-07-09T09:00:00.000Z'),
          state: 'discarded',
          by: 'night shift',
          forced: false,
          reason: 'a test',
        },
      ],
    },
  ],
  told: [
    {
      id: uuid(7),
      revision: 1,
      status: 'pending',
      position: 'quittance.message-status.v1/2/5',
      at: Date.parse('2026-07-09T03:01:20.200Z'),
    },
  ],
  gaps: [],
};

describe('the timeline', () => {
  it('of a message shows when and where everything happened, in its order', () => {
    expect(draw(stepsOfMessage(TRACE, MASKED))).toEqual([
      '2026-07-09T03:01:20.120Z  received     by sms-report: pushed, proved by token',
      '                                       quittance.raw-receipts.v1/3/1823',
      '                                       receipt 019f44d0-0000-7000-8000-000000000001',
      '2026-07-09T03:01:20.140Z  dead letter  FIELD_MISSING at the normaliser, element 1 of its receipt: biz_id',
      '                                       3/128, discarded',
      '2026-07-09T03:01:20.150Z  event        pending (code REQUEST_SUCCESS, happened 2026-07-09T03:01:33.000Z)',
      '                                       quittance.events.v1/11/882',
      `                                       id ${facts[0]!.id}`,
      '2026-07-09T03:01:20.200Z  told         revision 1: pending',
      '                                       quittance.message-status.v1/2/5',
      `                                       id ${uuid(7)}`,
      '2026-07-09T03:01:34.000Z  received     by sms-report: fetched from its queue, proved by credentials, in the queue since 2026-07-09T03:01:33.500Z, in Kafka since 2026-07-09T03:09:34.000Z',
      '                                       quittance.raw-receipts.v1/4/99',
      '                                       receipt 019f44d0-0000-7000-8000-000000000002',
      '2026-07-09T03:09:34.000Z  event        failed (handset, code MK:0001, final, happened 2026-07-09T03:01:33.000Z)',
      '                                       its event was not found',
      `                                       id ${facts[1]!.id}`,
      '2026-07-09T03:09:34.100Z  row          failed since 2026-07-09T03:01:33.000Z, revision 2 (not found among what subscribers were told)',
      '                                       alibaba/main sms, id id-1, to +86138****0001, reference order-****mine',
      `                                       key ${uuid(1)}`,
      '2026-07-09T09:00:00.000Z  discarded    dead letter 3/128, by night shift: a test',
    ]);
  });

  it('says of a record that is not there why that is', () => {
    const gone = { ...RECEIPT, whereabouts: 'gone', source: null, writtenAt: null } as const;
    expect(draw(stepsOfReceipt({ receipt: gone, events: [], letters: [] })).slice(0, 2)).toEqual([
      '2026-07-09T03:01:20.120Z  received  its record says no more',
      '                                    quittance.raw-receipts.v1/3/1823 (has left the topic)',
    ]);
  });
});
