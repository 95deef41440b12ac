import type { CanonicalEvent, EventType } from '#contracts';
import { receiptTime } from './merge/receipt-time.js';

/** What subscribers were told by a batch, in numbers. */
export interface Told {
  readonly changes: Readonly<Partial<Record<EventType, number>>>;
  /** Of these, changes of messages that were reported as arrived and as failed. */
  readonly conflicting: number;
  /**
   * When the receipts that caused them were received, Unix ms. What came from no receipt is left out, and so is what an
   * operator has sent in again: how long it lay says nothing of how fast we are.
   */
  readonly receivedAt: readonly number[];
  /** Changes by what an operator has sent in again. */
  readonly redriven: number;
}

/** Counts changes. */
export function countTold(changes: readonly CanonicalEvent[]): Told {
  const byType: Partial<Record<EventType, number>> = {};
  const receivedAt: number[] = [];
  let conflicting = 0;
  let redrivenOnes = 0;
  for (const { type, data, receiptId, redriven } of changes) {
    byType[type] = (byType[type] ?? 0) + 1;
    if ('conflict' in data && data.conflict) conflicting += 1;
    const time = receiptTime(receiptId);
    if (time === null) continue;
    if (redriven) redrivenOnes += 1;
    else receivedAt.push(time);
  }
  return { changes: byType, conflicting, receivedAt, redriven: redrivenOnes };
}
