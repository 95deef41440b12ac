import type { SourceId } from '../callbacks.js';
import type { ExpectedStatus, Part, Placed, PlannedPush } from './part.js';
import { countBy, part } from './part.js';
import type { Random } from './random.js';

/** A message, what becomes of it, and every report about it. */
export interface PlannedMessage<E> {
  readonly status: ExpectedStatus;
  readonly reports: readonly Placed<E>[];
}

/** How elements are put into bodies. */
export interface Batching<E> {
  readonly source: SourceId;
  /** Most elements of one body. */
  readonly largest: number;
  /** Share of elements that are pushed once more, later; default 0. */
  readonly repeated?: number;
  /** Default: a JSON array. */
  readonly write?: (elements: readonly E[]) => string;
}

/** The pushes of messages, and what must come of them. Every report must be a different fact. */
export function partOfMessages<E>(random: Random, messages: readonly PlannedMessage<E>[], batching: Batching<E>): Part {
  const reports = messages.flatMap((message) => message.reports);
  return part(inBatches(random, reports, batching), {
    messages: countBy(messages.map(({ status }) => status)),
    deliveryReports: reports.length,
  });
}

/** Puts elements into bodies in the order of their places: what comes at about the same time travels together. */
export function inBatches<E>(
  random: Random,
  elements: readonly Placed<E>[],
  { source, largest, repeated = 0, write = JSON.stringify }: Batching<E>,
): Placed<PlannedPush>[] {
  const again = elements
    .filter(() => random.chance(repeated))
    .map(({ at, what }) => ({ at: Math.min(1, at + 0.1 + random.fraction() * 0.3), what }));
  const ordered = [...elements, ...again].sort((a, b) => a.at - b.at);
  const pushes: Placed<PlannedPush>[] = [];
  for (let from = 0; from < ordered.length;) {
    const group = ordered.slice(from, from + random.between(1, largest));
    from += group.length;
    pushes.push({ at: group.at(-1)!.at, what: { source, body: write(group.map(({ what }) => what)) } });
  }
  return pushes;
}
