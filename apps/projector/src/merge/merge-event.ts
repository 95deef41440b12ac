import { withFactErased, type ErasureRules, type Erasures } from './erasure.js';
import { sameJson } from './same-json.js';
import { withFact, type Fact, type JoinData } from './fact-set.js';

/** An aggregate as stored: the facts, and how often its published state has changed. */
export interface Aggregate<D> {
  readonly key: string;
  readonly facts: readonly Fact<D>[];
  /** The revision of the last published change; 0 before the first. */
  readonly revision: number;
}

/** How aggregates of one kind are merged. */
export interface MergeRules<D, S> {
  readonly join: JoinData<D>;
  readonly derive: (facts: readonly Fact<D>[]) => S;
  /** What of it is about a person; absent: nothing is. */
  readonly erasure?: ErasureRules<D>;
}

/** A change that subscribers are told. */
export interface Change<S> {
  readonly state: S;
  readonly previous: S | null;
  readonly revision: number;
}

/** What one fact did to an aggregate. */
export interface Merged<D, S> {
  /** The same object when nothing changed. */
  readonly aggregate: Aggregate<D>;
  /** Null when the state is what it was: nothing to publish. */
  readonly change: Change<S> | null;
}

/**
 * Merges one fact into an aggregate. Fact by fact, never batch by batch: so a batch that is repeated, or cut
 * differently, gives the same revisions.
 * @param erasures persons that have been erased; null: nobody has
 */
export function mergeFact<D, S>(
  aggregate: Aggregate<D>,
  fact: Fact<D>,
  rules: MergeRules<D, S>,
  erasures: Erasures | null = null,
): Merged<D, S> {
  const { join, erasure } = rules;
  const facts =
    erasures === null || erasure === undefined
      ? withFact(aggregate.facts, fact, join)
      : withFactErased(aggregate.facts, fact, join, erasure, erasures);
  if (facts === aggregate.facts) return { aggregate, change: null };
  const previous = aggregate.facts.length === 0 ? null : rules.derive(aggregate.facts);
  const state = rules.derive(facts);
  if (previous !== null && sameJson(previous, state)) {
    return { aggregate: { ...aggregate, facts }, change: null };
  }
  const revision = aggregate.revision + 1;
  return { aggregate: { ...aggregate, facts, revision }, change: { state, previous, revision } };
}
