/** The reports of a message are in reach of its row, in their order, each with the place of its raw record. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Installation } from '../system/installation.js';
import { publishEvents, report, uuid } from './reports.js';

const HISTORY = `SELECT position, status, code, occurred_at, receipt_id, raw_position FROM message_history
  WHERE message_key = $1 ORDER BY position`;
const SENT = {
  report: 1,
  status: 'sent',
  final: false,
  providerCode: null,
  occurredAt: '2026-07-09T03:01:20.000Z',
} as const;

describe('the history of a message', () => {
  let installation: Installation;

  beforeAll(async () => {
    installation = await Installation.create();
    await installation.start('projector');
  });

  afterAll(async () => {
    await installation.stop();
  });

  const publish = (events: Parameters<typeof publishEvents>[1], rawPosition?: string) =>
    publishEvents(installation, events, { headers: rawPosition === undefined ? {} : { ce_rawposition: rawPosition } });

  it('has the reports as they happened, not as they came, with receipt and place', async () => {
    await publish([report(1, { receiptId: 'r2' })], 'raw/3/17');
    await publish([report(1, { ...SENT, receiptId: 'r1' })], 'raw/1/4');
    await installation.untilRows(1, `SELECT 1 FROM message WHERE json_array_length(facts) = 2`);
    expect(await installation.rows(HISTORY, [uuid(1)])).toEqual([
      {
        position: 1,
        status: 'sent',
        code: null,
        occurred_at: new Date(SENT.occurredAt),
        receipt_id: 'r1',
        raw_position: 'raw/1/4',
      },
      {
        position: 2,
        status: 'delivered',
        code: 'DELIVERED',
        occurred_at: new Date('2026-07-09T03:01:33.000Z'),
        receipt_id: 'r2',
        raw_position: 'raw/3/17',
      },
    ]);
  });

  it('takes events from before positions were kept, and learns the place when the fact comes again', async () => {
    await publish([report(2, { receiptId: 'r1' })]);
    await installation.untilRows(1, `SELECT 1 FROM message WHERE message_key = '${uuid(2)}'`);
    expect(await installation.rows(HISTORY, [uuid(2)])).toMatchObject([{ receipt_id: 'r1', raw_position: null }]);
    await publish([report(2, { receiptId: 'r1' })], 'raw/0/9');
    await publish([report(2, { receiptId: 'r2' })], 'raw/0/1');
    await publish([report(3)]);
    await installation.untilRows(1, `SELECT 1 FROM message WHERE message_key = '${uuid(2)}' AND version = 2`);
    await installation.untilRows(1, `SELECT 1 FROM message WHERE message_key = '${uuid(3)}'`);
    expect(await installation.rows(HISTORY, [uuid(2)])).toMatchObject([{ receipt_id: 'r1', raw_position: 'raw/0/9' }]);
    const told = await installation.rows('SELECT revision FROM message WHERE message_key = $1', [uuid(2)]);
    expect(told).toEqual([{ revision: 1 }]);
  });
});
