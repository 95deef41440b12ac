import { withFact, type Fact, type JoinData } from './fact-set.js';
import { receiptTime } from './receipt-time.js';

/** The persons that have been erased. */
export interface Erasures {
  /** The instant before which everything is erased about whom one of these identifiers names, Unix ms; null: about nobody. */
  instantOf(persons: Iterable<string>): number | null;
}

/** What of the facts of one kind is about a person. */
export interface ErasureRules<D> {
  /** Identifiers of the person that the data names, see person-identifiers.ts; none where it names nobody. */
  readonly personsIn: (data: D) => readonly string[];
  /** The data without what is personal; idempotent. Keys, ids, statuses, codes and times stay. */
  readonly scrub: (data: D) => D;
  /**
   * Whether an aggregate is one thing that happened: then one fact that names the person speaks for all, and one that was
   * received before the instant too. Else each fact is for itself.
   */
  readonly together: boolean;
}

/**
 * The set with the fact in it, and with nothing in it about a person that has been erased. The same array when that
 * changes nothing.
 *
 * The law: erasing at every step gives what erasing at the end gives, `erase(add(erase(set), fact)) = erase(add(set,
 * fact))`, in whatever order facts come. It holds because what decides only grows (the persons named, and the earliest
 * receipt of a fact), and because what is erased stays marked: a copy that comes later and is joined to it by its id
 * brings nothing back, though it may have been received after the instant.
 */
export function withFactErased<D>(
  facts: readonly Fact<D>[],
  fact: Fact<D>,
  join: JoinData<D>,
  rules: ErasureRules<D>,
  erasures: Erasures,
): readonly Fact<D>[] {
  const isErased = facts.some(({ id, erased }) => erased && (rules.together || id === fact.id));
  return eraseFacts(withFact(facts, isErased ? erase(fact, rules) : fact, join), rules, erasures);
}

/** The set without what is personal, where the person has been erased. The same array when that changes nothing. */
export function eraseFacts<D>(
  facts: readonly Fact<D>[],
  rules: ErasureRules<D>,
  erasures: Erasures,
): readonly Fact<D>[] {
  const next = rules.together
    ? concerns(facts, rules, erasures)
      ? facts.map((fact) => erase(fact, rules))
      : facts
    : facts.map((fact) => (concerns([fact], rules, erasures) ? erase(fact, rules) : fact));
  return next.every((fact, at) => fact === facts[at]) ? facts : next;
}

function concerns<D>(facts: readonly Fact<D>[], { personsIn }: ErasureRules<D>, erasures: Erasures): boolean {
  if (facts.some(({ erased }) => erased)) return true;
  const persons = new Set(facts.flatMap(({ data }) => personsIn(data)));
  const instant = persons.size === 0 ? null : erasures.instantOf(persons);
  return instant !== null && facts.some((fact) => receivedAt(fact) < instant);
}

function erase<D>(fact: Fact<D>, { scrub }: ErasureRules<D>): Fact<D> {
  return fact.erased ? fact : { ...fact, data: scrub(fact.data), erased: true };
}

/**
 * When we received a fact, Unix ms. A submission, and our own conclusion that no report came, have no receipt: then when
 * it was submitted, or happened. What says nothing counts as received before anything.
 */
function receivedAt<D>({ receiptId, data }: Fact<D>): number {
  const received = receiptTime(receiptId);
  if (received !== null) return received;
  const { submittedAt, occurredAt } = data as { readonly submittedAt?: unknown; readonly occurredAt?: unknown };
  const time = Date.parse(String(submittedAt ?? occurredAt));
  return Number.isNaN(time) ? -Infinity : time;
}
