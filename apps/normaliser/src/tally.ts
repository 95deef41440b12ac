import type { EventType } from '#contracts';
import type { DeadLetter, Normalised } from './normalise.js';

/**
 * What a batch of receipts came to, in numbers. The events themselves are let go as soon as they are encoded: kept until
 * Kafka has answered they outlive the young generation, and copying them was half of all garbage collection.
 */
export class Tally {
  readonly events = new Map<EventType, number>();
  /** Reports with a code that our tables do not have, by provider. */
  readonly unknownCodes = new Map<string, number>();
  readonly deadLetters: DeadLetter[] = [];
  /** Receipts that held no element at all. */
  empty = 0;

  add(normalised: Normalised): void {
    const { events, deadLetters } = normalised;
    for (const { type, data } of events) {
      increase(this.events, type);
      if ('reason' in data && data.reason === 'unknown') increase(this.unknownCodes, data.provider);
    }
    for (const letter of deadLetters) this.deadLetters.push({ ...letter, value: NOTHING });
    if (isEmpty(normalised)) this.empty += 1;
  }
}

/** Whether a receipt held no element at all: it becomes neither event nor dead letter. */
export function isEmpty({ deadLetters, elements }: Normalised): boolean {
  return elements === 0 && deadLetters.length === 0;
}

const NOTHING = Buffer.alloc(0);

function increase<K>(counts: Map<K, number>, key: K): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}
