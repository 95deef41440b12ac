import { RECEIPT_HEADERS, UUID, type EventType, type MessageStatusReported } from '#contracts';
import { headerText, recordOrigin, type IncomingRecord } from '#kafka';
import { PROVIDERS } from '#providers';
import { traceFields } from '#runtime';
import type { DeadLetter, Normalised } from './normalise.js';

/** What is told of a dead letter: everything but its bytes, and the receipt that it comes from. */
export interface ToldLetter extends Omit<DeadLetter, 'value'> {
  readonly source: string | undefined;
  readonly receiptId: string | undefined;
  /** topic/partition/offset of the raw receipt. */
  readonly origin: string;
  readonly trace_id?: string;
}

/** Headers are ours, unless somebody else writes to the topic: what is not of their form is not repeated. */
const FORMS = {
  /** As the configuration has it; a number is none. */
  source: /^(?=.*[a-z])[0-9a-z-]{1,64}$/,
  receiptId: UUID,
} as const;

/**
 * What a batch of receipts came to, in numbers. The events themselves are let go as soon as they are encoded: kept until
 * Kafka has answered they outlive the young generation, and copying them was half of all garbage collection.
 */
export class Tally {
  readonly events = new Map<EventType, number>();
  /** Reports with a code that our tables do not have, by provider. */
  readonly unknownCodes = new Map<string, number>();
  readonly deadLetters: ToldLetter[] = [];
  /** Receipts that held no element at all. */
  empty = 0;

  /** @param receipt what it was */
  add(normalised: Normalised, receipt: IncomingRecord): void {
    const { events, deadLetters } = normalised;
    for (const { type, data } of events) {
      increase(this.events, type);
      if ('providerCode' in data && data.reason === 'unknown' && !isKnown(data)) {
        increase(this.unknownCodes, data.provider);
      }
    }
    for (const { code, detail, element } of deadLetters) {
      const source = ourHeader(receipt, 'source');
      const receiptId = ourHeader(receipt, 'receiptId');
      this.deadLetters.push({
        code,
        detail,
        element,
        source,
        receiptId,
        origin: recordOrigin(receipt),
        ...traceFields(headerText(receipt, 'traceparent')),
      });
    }
    if (isEmpty(normalised)) this.empty += 1;
  }
}

/** Whether a receipt held no element at all: it becomes neither event nor dead letter. */
export function isEmpty({ deadLetters, elements }: Normalised): boolean {
  return elements === 0 && deadLetters.length === 0;
}

/** Some codes of the tables say no more than that nobody knows the cause: there is nothing to add. */
function isKnown({ provider, providerCode }: Pick<MessageStatusReported, 'provider' | 'providerCode'>): boolean {
  return providerCode !== null && PROVIDERS[provider]?.knowsCode(providerCode) === true;
}

function ourHeader(record: IncomingRecord, name: keyof typeof FORMS): string | undefined {
  const text = headerText(record, RECEIPT_HEADERS[name]);
  return text !== undefined && FORMS[name].test(text) ? text : undefined;
}

function increase<K>(counts: Map<K, number>, key: K): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}
