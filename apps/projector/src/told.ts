import type { CanonicalEvent, EventType } from '#contracts';
import { receiptTime } from './merge/receipt-time.js';

/** What subscribers were told by a batch, in numbers. */
export interface Told {
  readonly changes: Readonly<Partial<Record<EventType, number>>>;
  /** Of these, changes of messages that were reported as arrived and as failed. */
  readonly conflicting: number;
  /** When the receipts that caused them were received, Unix ms. What came from no receipt is left out. */
  readonly receivedAt: readonly number[];
}

/** Counts changes. */
export function countTold(changes: readonly CanonicalEvent[]): Told {
  const byType: Partial<Record<EventType, number>> = {};
  const receivedAt: number[] = [];
  let conflicting = 0;
  for (const { type, data, receiptId } of changes) {
    byType[type] = (byType[type] ?? 0) + 1;
    if ('conflict' in data && data.conflict) conflicting += 1;
    const time = receiptTime(receiptId);
    if (time !== null) receivedAt.push(time);
  }
  return { changes: byType, conflicting, receivedAt };
}
