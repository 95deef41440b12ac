import type { EventType, TopicName } from '#contracts';
import {
  accountProjection,
  messageProjection,
  originatedProjection,
  reviewProjection,
  type Projection,
} from './merge-events.js';
import type { AggregateTable } from './store/aggregates.js';
import { accountStatusTable, messageTable, mobileOriginatedTable, reviewTable } from './store/tables.js';

/** Data of a fact, or a state, of whatever kind. */
export type Fields = Readonly<Record<string, unknown>>;

/** One kind of aggregate: where it is kept, how it is derived, and where subscribers hear of it. */
export interface Kind {
  /** What its facts come as. */
  readonly type: EventType;
  readonly table: AggregateTable<Fields, Fields>;
  readonly projection: Projection<Fields, Fields>;
  /** The key of its events on the events topic, from the key of a row and one of its facts. */
  readonly eventKey: (key: string, fact: Fields) => string;
  /** What its changes are published as, and where. */
  readonly change: EventType;
  readonly topic: TopicName;
}

/** Every kind, in the order in which they are written. */
export const KINDS: readonly Kind[] = [
  kind({
    type: 'io.quittance.message.status-reported.v1',
    table: messageTable,
    projection: messageProjection,
    change: 'io.quittance.message.status-changed.v1',
    topic: 'message-status.v1',
    eventKey: ownKey,
  }),
  kind({
    type: 'io.quittance.message.originated.v1',
    table: mobileOriginatedTable,
    projection: originatedProjection,
    change: 'io.quittance.message.received.v1',
    topic: 'mobile-originated.v1',
    // A row for each message, a partition for each person.
    eventKey: (_key, { personKey }) => String(personKey),
  }),
  kind({
    type: 'io.quittance.review.status-reported.v1',
    table: reviewTable,
    projection: reviewProjection,
    change: 'io.quittance.review.status-changed.v1',
    topic: 'review-status.v1',
    eventKey: ownKey,
  }),
  kind({
    type: 'io.quittance.account.status-reported.v1',
    table: accountStatusTable,
    projection: accountProjection,
    change: 'io.quittance.account.status-changed.v1',
    topic: 'account-status.v1',
    eventKey: ownKey,
  }),
];

const TOPICS = new Map(KINDS.map(({ change, topic }) => [change, topic]));

/** Which topic a change is published to. */
export function topicOfChange(change: EventType): TopicName {
  return TOPICS.get(change)!;
}

function ownKey(key: string): string {
  return key;
}

/** A kind of given data and state, as one that can be treated like the others. */
type KindOf<D, S> = Omit<Kind, 'table' | 'projection'> & {
  readonly table: AggregateTable<D, S>;
  readonly projection: Projection<D, S>;
};

/** All kinds are treated alike: where fields are read, they are read by name, as columns would be. */
function kind<D, S>(parts: KindOf<D, S>): Kind {
  return parts as unknown as Kind;
}
