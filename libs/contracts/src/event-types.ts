import type { AccountStatusChanged, AccountStatusReported } from './events/account.js';
import type { MessageStatusChanged, MessageStatusReported, MessageSubmitted } from './events/message.js';
import type { MessageOriginated, MessageReceived } from './events/mobile-originated.js';
import type { ReviewStatusChanged, ReviewStatusReported } from './events/review.js';

/** Which data each event type carries. The keys are CloudEvents `type` values. */
export interface EventDataByType {
  'io.quittance.message.status-reported.v1': MessageStatusReported;
  'io.quittance.message.submitted.v1': MessageSubmitted;
  'io.quittance.message.originated.v1': MessageOriginated;
  'io.quittance.review.status-reported.v1': ReviewStatusReported;
  'io.quittance.account.status-reported.v1': AccountStatusReported;
  'io.quittance.message.status-changed.v1': MessageStatusChanged;
  'io.quittance.message.received.v1': MessageReceived;
  'io.quittance.review.status-changed.v1': ReviewStatusChanged;
  'io.quittance.account.status-changed.v1': AccountStatusChanged;
}

/** A CloudEvents `type` of ours. */
export type EventType = keyof EventDataByType;

/** Every event type and the class that describes its data; docs/contracts holds one JSON Schema for each. */
export const EVENT_TYPES = {
  'io.quittance.message.status-reported.v1': 'MessageStatusReported',
  'io.quittance.message.submitted.v1': 'MessageSubmitted',
  'io.quittance.message.originated.v1': 'MessageOriginated',
  'io.quittance.review.status-reported.v1': 'ReviewStatusReported',
  'io.quittance.account.status-reported.v1': 'AccountStatusReported',
  'io.quittance.message.status-changed.v1': 'MessageStatusChanged',
  'io.quittance.message.received.v1': 'MessageReceived',
  'io.quittance.review.status-changed.v1': 'ReviewStatusChanged',
  'io.quittance.account.status-changed.v1': 'AccountStatusChanged',
} as const satisfies Record<EventType, string>;

const SCHEMA_BASE = 'https://quittance.io/contracts/';

/** File name, below docs/contracts, of the JSON Schema of an event type. */
export function schemaFile(type: EventType): string {
  return `${type.slice('io.quittance.'.length)}.schema.json`;
}

/** The CloudEvents `dataschema` of an event type. It names the contract; nobody has to be able to open it. */
export function dataSchema(type: EventType): string {
  return SCHEMA_BASE + schemaFile(type);
}
