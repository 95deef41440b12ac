import { sameJson } from './same-json.js';

/**
 * What an aggregate knows: a set of facts that only grows, one entry for each event id, ordered by id. The state is a
 * pure function of this set, so duplicates, any order and replays lead to the same state.
 */

/** One event about an aggregate. */
export interface Fact<D> {
  readonly id: string;
  /** The receipt that it came from; of several the first. */
  readonly receiptId: string;
  /** Where the raw record of that receipt stands: topic/partition/offset. Absent where the event did not say. */
  readonly rawPosition?: string;
  readonly data: D;
  /** There where the person has been erased: the data holds nothing personal any more, and never will again. */
  readonly erased?: true;
}

/** Joins the data of two copies of one fact. Must be idempotent, commutative and associative. */
export type JoinData<D> = (a: D, b: D) => D;

/**
 * The set with the fact in it. The same array when that changes nothing.
 *
 * A copy with an id that is known is joined, not ignored: the copy that came through a queue may lack what the pushed
 * one has.
 */
export function withFact<D>(facts: readonly Fact<D>[], fact: Fact<D>, join: JoinData<D>): readonly Fact<D>[] {
  const at = facts.findIndex(({ id }) => id >= fact.id);
  if (at === -1) return [...facts, fact];
  const known = facts[at]!;
  if (known.id !== fact.id) return facts.toSpliced(at, 0, fact);
  const joined = joinCopies(known, fact, join);
  return joined === known ? facts : facts.with(at, joined);
}

/** Both copies as one; `known` itself where the other adds nothing. */
export function joinCopies<D>(known: Fact<D>, other: Fact<D>, join: JoinData<D>): Fact<D> {
  const origin = firstOrigin(known, other);
  const isKnown = origin.receiptId === known.receiptId && origin.rawPosition === known.rawPosition;
  const erased = known.erased ? ({ erased: true } as const) : {};
  if (sameJson(known.data, other.data)) {
    return isKnown ? known : { id: known.id, ...origin, data: known.data, ...erased };
  }
  const data = join(known.data, other.data);
  if (isKnown && sameJson(known.data, data)) return known;
  return { id: known.id, ...origin, data, ...erased };
}

type Origin = Pick<Fact<unknown>, 'receiptId' | 'rawPosition'>;

/**
 * Of two origins the one with the smaller receipt id; a receipt that was written twice, the smaller position, and any
 * before none. The two stay together: a position of one receipt beside the id of another would lead astray.
 */
function firstOrigin(a: Origin, b: Origin): Origin {
  const receiptId = smaller(a.receiptId, b.receiptId);
  const positions = [a, b].flatMap((origin) => (origin.receiptId === receiptId ? (origin.rawPosition ?? []) : []));
  return positions.length === 0 ? { receiptId } : { receiptId, rawPosition: positions.reduce(smaller) };
}

/** The smaller of two texts, by code unit. */
export function smaller(a: string, b: string): string {
  return a <= b ? a : b;
}

/** Of two values of one field: a value beats null, null beats absence, then the smaller JSON. */
export function eitherValue<T>(a: T, b: T): T {
  if (a === undefined || b === undefined) return a === undefined ? b : a;
  if (a === null || b === null) return a ?? b;
  if (a === b) return a;
  return JSON.stringify(a) <= JSON.stringify(b) ? a : b;
}

/** Of two objects: every member of either, and `eitherValue` where both have it. Keys in order, so that equal sets look equal. */
export function eitherMembers<T extends object>(a: T, b: T): T {
  const joined: Record<string, unknown> = {};
  const left = new Map(Object.entries(a));
  const right = new Map(Object.entries(b));
  for (const name of [...new Set([...left.keys(), ...right.keys()])].sort()) {
    // defineProperty: a provider's field may be called __proto__.
    Object.defineProperty(joined, name, {
      value: eitherValue(left.get(name), right.get(name)),
      enumerable: true,
      configurable: true,
      writable: true,
    });
  }
  return joined as T;
}

/** What all facts say about time. */
interface Timed {
  readonly occurredAt: string;
  readonly occurredAtFrom: 'provider' | 'observed';
}

/** Of two times of one fact: the provider's before one that we observed, then the earlier. */
export function eitherTime<T extends Timed>(a: T, b: T): Timed {
  const rank = ({ occurredAtFrom, occurredAt }: Timed) => (occurredAtFrom === 'provider' ? '0' : '1') + occurredAt;
  const { occurredAt, occurredAtFrom } = rank(a) <= rank(b) ? a : b;
  return { occurredAt, occurredAtFrom };
}
