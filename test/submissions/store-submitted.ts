import { randomUUID } from 'node:crypto';
import type { Pool } from 'pg';
import type { MessageSubmitted } from '#contracts';
import type { Fact } from '../../apps/projector/src/merge/fact-set.js';
import type { MessageFact } from '../../apps/projector/src/merge/message-fact.js';
import { deriveMessage } from '../../apps/projector/src/merge/message-state.js';
import { messageTable } from '../../apps/projector/src/store/tables.js';
import { inTransaction } from '../../apps/projector/src/store/transaction.js';

const SUBMITTED_AT = '2026-07-09T03:00:00.000Z';

/** Rows as the projector writes them, of messages that were submitted and that nothing else is known of; their keys, sorted. */
export async function storeSubmitted(pool: Pool, count: number, expectReportWithin = 'PT1H'): Promise<string[]> {
  const keys = Array.from({ length: count }, () => randomUUID());
  const writes = keys.map((messageKey) => {
    const data: MessageSubmitted = {
      provider: 'huawei',
      account: 'hw',
      channel: 'sms',
      labels: {},
      messageKey,
      messageId: 'm',
      sender: null,
      recipient: null,
      reference: null,
      submittedAt: SUBMITTED_AT,
      expectReportWithin,
    };
    const facts: Fact<MessageFact>[] = [{ id: randomUUID(), receiptId: 'r', data }];
    return { aggregate: { key: messageKey, facts, revision: 1 }, version: 0, state: deriveMessage(facts) };
  });
  await inTransaction(pool, (transaction) => messageTable.write(transaction, writes));
  return keys.sort();
}
