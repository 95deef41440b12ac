import type { SourceId } from '../callbacks.js';
import type { Fact, RoutedFact } from './facts.js';
import { copiesOf, heard, queued, routed } from './facts.js';
import type { MessageAbout, Said } from './message-truth.js';
import { messageTruth } from './message-truth.js';
import type { Part, Placed, PlannedReceipt, RunContext } from './part.js';
import { part } from './part.js';
import type { MessageTruth } from './truth.js';

/** A message and every report about it. */
export interface PlannedMessage<E> {
  readonly about: MessageAbout;
  readonly reports: readonly Fact<E, Said>[];
}

/** How elements are put into receipts. */
export interface Batching<E> {
  readonly source: SourceId;
  /** Most elements of one body that is pushed; a message in a queue has one. */
  readonly largest: number;
  /** Whether the vendor repeats itself; default true. */
  readonly isRepeated?: boolean;
  /** Default: a JSON array. */
  readonly write?: (elements: readonly E[]) => string;
}

/** The receipts of messages, and what must come of them. Every report must be a different fact. */
export function partOfMessages<E>(
  context: RunContext,
  messages: readonly PlannedMessage<E>[],
  batching: Batching<E>,
): Part {
  const facts: RoutedFact<E, Said>[] = [];
  const truth: MessageTruth[] = [];
  for (const { about, reports } of messages) {
    const ofMessage = reports.map((report) => routed(context, batching.source, report));
    for (const fact of ofMessage) facts.push(fact);
    truth.push(messageTruth(about, ofMessage.map(heard)));
  }
  return part(inReceipts(context, facts, batching), truth, { deliveryReports: facts.length });
}

/**
 * Puts facts into receipts in the order of their places: what is pushed at about the same time travels together, in a
 * queue each fact is a message of its own.
 */
export function inReceipts<E, S>(
  context: RunContext,
  facts: readonly RoutedFact<E, S>[],
  { source, largest, isRepeated = true, write = JSON.stringify }: Batching<E>,
): Placed<PlannedReceipt>[] {
  const { random } = context;
  const receipts: Placed<PlannedReceipt>[] = [];
  const pushed = copiesOf(context, facts, 'push', isRepeated);
  for (let from = 0; from < pushed.length;) {
    const group = pushed.slice(from, from + random.between(1, largest));
    from += group.length;
    const body = write(group.map(({ what }) => what.push));
    receipts.push({ at: group.at(-1)!.at, what: { door: 'push', source, body } });
  }
  for (const { at, what } of copiesOf(context, facts, 'queue', isRepeated)) {
    receipts.push({ at, what: queued(context, source, what) });
  }
  return receipts;
}
