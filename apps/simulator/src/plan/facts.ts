import type { Door, SourceId } from '../callbacks.js';
import { queueOf } from '../callbacks.js';
import type { Placed, PlannedReceipt, RunContext } from './part.js';

/** Something that a vendor reports: what it says, and how each door writes it. */
export interface Fact<E, S> {
  /** Place in the run, from 0 to 1. */
  readonly at: number;
  /** The element of a push. */
  readonly push: E;
  /** The object in a queue, or its JSON text where no serialiser would write it so; absent: as it is pushed. */
  readonly queue?: object | string;
  readonly says: S;
  /** What the form of the queue says otherwise, or not at all. */
  readonly queueSays?: Partial<S>;
}

/** A fact, and the ways that it takes. */
export interface RoutedFact<E, S> extends Fact<E, S> {
  readonly doors: readonly Door[];
}

/** Chooses the ways of a fact, each its share of times; a source without a queue is pushed to. */
export function routed<E, S>(context: RunContext, source: SourceId, fact: Fact<E, S>): RoutedFact<E, S> {
  return { ...fact, doors: doorsOf(context, source) };
}

/** One door or both, in the order in which they are gone through. */
export function doorsOf({ random, shape: { doors } }: RunContext, source: SourceId): readonly Door[] {
  if (queueOf(source) === null) return ['push'];
  const point = random.fraction() * (doors.push + doors.queue + doors.both);
  if (point < doors.push) return ['push'];
  if (point < doors.push + doors.queue) return ['queue'];
  return random.chance(0.5) ? ['push', 'queue'] : ['queue', 'push'];
}

/** One of the doors, for what must not come through both. */
export function oneDoorOf(context: RunContext, source: SourceId): Door {
  return doorsOf(context, source)[0]!;
}

/** What is known of a fact that came through its doors: a push says the most. */
export function heard<E, S>({ doors, says, queueSays }: RoutedFact<E, S>): S {
  return doors.includes('push') ? says : { ...says, ...queueSays };
}

/** Share of messages in a queue that are plain JSON instead of Base64. */
const PLAIN = 0.03;
/** Share of messages in a queue that hold an array of one. */
const WRAPPED = 0.03;

/** A message in the queue of a source, with one object. */
export function queued<E, S>(
  { random }: RunContext,
  source: SourceId,
  { push, queue = push as object }: Fact<E, S>,
  thread?: string,
): PlannedReceipt {
  const text = typeof queue === 'string' ? queue : JSON.stringify(queue);
  return {
    door: 'queue',
    source,
    body: random.chance(WRAPPED) ? `[${text}]` : text,
    ...(random.chance(PLAIN) ? { isPlain: true } : {}),
    ...(thread === undefined ? {} : { thread }),
  };
}

/** What goes through one door, at its place or, of a share, displaced or repeated. */
export function copiesOf<E, S>(
  { random, shape }: RunContext,
  facts: readonly RoutedFact<E, S>[],
  door: Door,
  isRepeated: boolean,
): Placed<RoutedFact<E, S>>[] {
  const copies: Placed<RoutedFact<E, S>>[] = [];
  for (const fact of facts) {
    if (!fact.doors.includes(door)) continue;
    // The second way is taken some time later.
    const delay = fact.doors[0] === door ? 0 : random.fraction() * 0.3;
    const at = random.chance(shape.disorder) ? random.fraction() : Math.min(1, fact.at + delay);
    copies.push({ at, what: fact });
    if (isRepeated && random.chance(shape.duplicates)) {
      copies.push({ at: Math.min(1, at + 0.1 + random.fraction() * 0.3), what: fact });
    }
  }
  return copies.sort((a, b) => a.at - b.at);
}
