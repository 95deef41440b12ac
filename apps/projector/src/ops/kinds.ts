import type { EventType, TopicName } from '#contracts';
import {
  accountProjection,
  messageProjection,
  originatedProjection,
  reviewProjection,
  type Projection,
} from '../merge-events.js';
import type { AggregateTable } from '../store/aggregates.js';
import { accountStatusTable, messageTable, mobileOriginatedTable, reviewTable } from '../store/tables.js';

/** Data of a fact, or a state, of whatever kind. */
export type Fields = Readonly<Record<string, unknown>>;

/** One kind of aggregate: where it is kept, how it is derived, and where subscribers hear of it. */
export interface Kind {
  /** What its facts come as. */
  readonly type: EventType;
  readonly table: AggregateTable<Fields, Fields>;
  readonly projection: Projection<Fields, Fields>;
  readonly topic: TopicName;
}

/** Every kind, in the order in which the projector writes them. */
export const KINDS: readonly Kind[] = [
  kind('io.quittance.message.status-reported.v1', messageTable, messageProjection, 'message-status.v1'),
  kind('io.quittance.message.originated.v1', mobileOriginatedTable, originatedProjection, 'mobile-originated.v1'),
  kind('io.quittance.review.status-reported.v1', reviewTable, reviewProjection, 'review-status.v1'),
  kind('io.quittance.account.status-reported.v1', accountStatusTable, accountProjection, 'account-status.v1'),
];

/** Tools treat all kinds alike: they read fields by name, as they would columns. */
function kind<D, S>(
  type: EventType,
  table: AggregateTable<D, S>,
  projection: Projection<D, S>,
  topic: TopicName,
): Kind {
  return { type, table, projection, topic } as unknown as Kind;
}
