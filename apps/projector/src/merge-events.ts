import {
  changeId,
  type AccountStatusChanged,
  type AccountStatusReported,
  type CanonicalEvent,
  type EventType,
  type MessageOriginated,
  type MessageStatusChanged,
  type ReviewStatusChanged,
  type ReviewStatusReported,
} from '#contracts';
import { deriveAccount, type AccountState } from './merge/account-state.js';
import type { Erasures } from './merge/erasure.js';
import type { Fact } from './merge/fact-set.js';
import { joinUnmapped, joinReviewReports } from './merge/join-data.js';
import { mergeFact, type Aggregate, type Change, type MergeRules } from './merge/merge-event.js';
import { joinMessageFacts, type MessageFact } from './merge/message-fact.js';
import { deriveMessage, type MessageState } from './merge/message-state.js';
import { ACCOUNT_ERASURE, MESSAGE_ERASURE, ORIGINATED_ERASURE } from './merge/personal-data.js';
import { deriveReview, type ReviewState } from './merge/review-state.js';
import type { AggregateWrite, StoredAggregate } from './store/aggregates.js';

/** What the events of a batch made of the aggregates that they are about. */
export interface MergedEvents<D, S> {
  readonly writes: readonly AggregateWrite<D, S>[];
  /** In the order of the events that caused them. */
  readonly changes: readonly CanonicalEvent[];
  /** Events about aggregates that can take no more. */
  readonly refused: readonly CanonicalEvent[];
}

/**
 * Bounds of an aggregate. A message has a handful of reports and a review a few dozen; each one more makes every later
 * merge dearer, so without a bound a single sender could stop the projector with reports about one message.
 */
export const MAX_FACTS = 500;
/** Of all its facts together, in characters of JSON. */
export const MAX_FACTS_SIZE = 4_000_000;

/** How events of one kind become aggregates and changes. */
export interface Projection<D, S> extends MergeRules<D, S> {
  readonly keyOf: (event: CanonicalEvent) => string;
  /** What subscribers are told of a change; null: nothing. */
  readonly announce: (change: Change<S>, cause: CanonicalEvent) => CanonicalEvent | null;
}

/**
 * Merges events, one by one in their order, into the aggregates as they were read.
 * @param sizeOf of an event's data, in characters of JSON or about that
 * @param erasures persons that have been erased; null: nobody has
 */
export function mergeEvents<D, S>(
  events: readonly CanonicalEvent[],
  stored: ReadonlyMap<string, StoredAggregate<D>>,
  projection: Projection<D, S>,
  sizeOf: (event: CanonicalEvent) => number,
  erasures: Erasures | null = null,
): MergedEvents<D, S> {
  const current = new Map<string, Aggregate<D>>();
  const sizes = new Map<string, number>();
  const changes: CanonicalEvent[] = [];
  const refused: CanonicalEvent[] = [];
  const rules = { ...projection, derive: derivedOnce(projection.derive) };
  for (const event of events) {
    const key = projection.keyOf(event);
    if (stored.get(key)!.unseen.length > 0 && !current.has(key)) {
      const caughtUp = mergeUnseen(stored.get(key)!, event, rules, erasures);
      current.set(key, caughtUp.aggregate);
      changes.push(...caughtUp.changes);
    }
    const before = current.get(key) ?? stored.get(key)!;
    const fact = factOf<D>(event);
    const size = (sizes.get(key) ?? stored.get(key)!.size) + sizeOf(event);
    const isFull = size > MAX_FACTS_SIZE || before.facts.length >= MAX_FACTS;
    const known = isFull ? before.facts.find(({ id }) => id === event.id) : undefined;
    if (isFull && known === undefined) {
      refused.push(event);
      continue;
    }
    const { aggregate, change } = mergeFact(before, fact, rules, erasures);
    if (known !== undefined && size > MAX_FACTS_SIZE && hasGrown(known, aggregate.facts)) {
      refused.push(event);
      continue;
    }
    if (aggregate !== before) {
      current.set(key, aggregate);
      sizes.set(key, size);
    }
    const announced = change && projection.announce(change, event);
    if (announced) changes.push(announced);
  }
  const writes = [...current].map(([key, aggregate]) => ({
    aggregate,
    version: stored.get(key)!.version,
    state: rules.derive(aggregate.facts),
  }));
  return { writes, changes, refused };
}

/** Whether a copy has made a fact larger. Most copies say what is known, and an aggregate is never too full for those. */
function hasGrown<D>(known: Fact<D>, facts: readonly Fact<D>[]): boolean {
  const joined = facts.find(({ id }) => id === known.id)!;
  return joined !== known && JSON.stringify(joined).length > JSON.stringify(known).length;
}

/**
 * Merges the facts that a row's last writer could not read, an older projector: as if they came now, just before `event`.
 * Then subscribers hear of what its state left out.
 */
function mergeUnseen<D, S>(
  stored: StoredAggregate<D>,
  event: CanonicalEvent,
  projection: Projection<D, S>,
  erasures: Erasures | null,
): { readonly aggregate: Aggregate<D>; readonly changes: readonly CanonicalEvent[] } {
  const { key, revision } = stored;
  let aggregate: Aggregate<D> = { key, revision, facts: stored.facts };
  const changes: CanonicalEvent[] = [];
  for (const fact of stored.unseen) {
    const merged = mergeFact(aggregate, fact, projection, erasures);
    aggregate = merged.aggregate;
    const cause = { ...event, id: fact.id, receiptId: fact.receiptId };
    const announced = merged.change && projection.announce(merged.change, cause);
    if (announced) changes.push(announced);
  }
  return { aggregate, changes };
}

/** Deriving, where a set that is met again is not derived again. Sets never change: another set is another array. */
function derivedOnce<D, S>(derive: MergeRules<D, S>['derive']): MergeRules<D, S>['derive'] {
  const states = new Map<readonly Fact<D>[], S>();
  return (facts) => {
    let state = states.get(facts);
    if (state === undefined) states.set(facts, (state = derive(facts)));
    return state;
  };
}

/** What an aggregate keeps of an event. */
function factOf<D>({ id, receiptId, rawPosition, data }: CanonicalEvent): Fact<D> {
  return { id, receiptId, ...(rawPosition === undefined ? {} : { rawPosition }), data: data as D };
}

/** Delivery reports and submissions become the status of a message. */
export const messageProjection: Projection<MessageFact, MessageState> = {
  keyOf: ({ subject }) => subject,
  join: joinMessageFacts,
  derive: deriveMessage,
  erasure: MESSAGE_ERASURE,
  announce: ({ state, previous, revision }, cause) =>
    changed('io.quittance.message.status-changed.v1', cause, revision, state.occurredAt, {
      ...state,
      previousStatus: previous?.status ?? null,
      causedBy: cause.id,
      revision,
    } satisfies MessageStatusChanged),
};

/** Review reports become the status of a review. */
export const reviewProjection: Projection<ReviewStatusReported, ReviewState> = {
  keyOf: ({ subject }) => subject,
  join: joinReviewReports,
  derive: deriveReview,
  announce: ({ state, previous, revision }, cause) =>
    changed('io.quittance.review.status-changed.v1', cause, revision, state.occurredAt, {
      ...state,
      previousStatus: previous?.status ?? null,
      causedBy: cause.id,
      revision,
    } satisfies ReviewStatusChanged),
};

/** Notices become the status of an account, number, template or person. */
export const accountProjection: Projection<AccountStatusReported, AccountState> = {
  keyOf: ({ subject }) => subject,
  join: joinUnmapped,
  derive: deriveAccount,
  erasure: ACCOUNT_ERASURE,
  announce: ({ state, previous, revision }, cause) =>
    changed('io.quittance.account.status-changed.v1', cause, revision, state.occurredAt, {
      ...state,
      previousValue: previous?.value ?? null,
      causedBy: cause.id,
      revision,
    } satisfies AccountStatusChanged),
};

/** What a person sent is told once: only its first copy is news, later ones may fill in what it lacked. */
export const originatedProjection: Projection<MessageOriginated, MessageOriginated> = {
  keyOf: ({ id }) => id,
  join: joinUnmapped,
  derive: (facts) => facts[0]!.data,
  erasure: ORIGINATED_ERASURE,
  // The state, not the cause: of an erased person they differ.
  announce: ({ state, previous }, cause) =>
    previous === null ? { ...cause, type: 'io.quittance.message.received.v1', data: state } : null,
};

function changed<T extends EventType>(
  type: T,
  cause: CanonicalEvent,
  revision: number,
  time: string,
  data: CanonicalEvent<T>['data'],
): CanonicalEvent<T> {
  const { source, subject, receiptId, trace, redriven } = cause;
  const id = changeId(subject, revision);
  const alongside = { ...(trace === undefined ? {} : { trace }), ...(redriven === undefined ? {} : { redriven }) };
  return { id, type, source, subject, time, receiptId, ...alongside, data };
}
