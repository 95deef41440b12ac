import type { EventDataByType, EventType } from './event-types.js';
import { dataSchema, EVENT_TYPES } from './event-types.js';
import { RECEIPT_HEADERS, REDRIVE } from './raw-receipt.js';
import type { TraceHeaders } from './trace-headers.js';

/**
 * A canonical event: CloudEvents 1.0, bound to Kafka in binary mode (attributes in `ce_` headers, data as the value;
 * https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/bindings/kafka-protocol-binding.md).
 */
export interface CanonicalEvent<T extends EventType = EventType> {
  /** Deterministic: the same fact has the same id through whichever door and however often it comes. */
  readonly id: string;
  readonly type: T;
  /** `/{installation}/{provider}/{account}`. */
  readonly source: string;
  /** The aggregate key; also the Kafka key. */
  readonly subject: string;
  /** When it happened: RFC 3339, UTC, milliseconds. */
  readonly time: string;
  /** The receipt that this came from. */
  readonly receiptId: string;
  /** Where the raw record of that receipt stands: topic/partition/offset. Of facts only, and not of old ones. */
  readonly rawPosition?: string;
  /** Where it stands in a trace, if it is traced. Nothing that is said of anything: no id, merge or row knows of it. */
  readonly trace?: TraceHeaders;
  /** An operator has sent its receipt in again, so its age says nothing of how fast we are. Nothing else looks at it. */
  readonly redriven?: true;
  readonly data: EventDataByType[T];
}

/** An event as a Kafka record: key, value and headers, still without a topic. */
export interface EventRecord {
  readonly key: string;
  readonly value: string;
  readonly headers: Readonly<Record<string, string>>;
}

const DATA_SCHEMAS = Object.fromEntries(
  (Object.keys(EVENT_TYPES) as EventType[]).map((type) => [type, dataSchema(type)]),
) as Readonly<Record<EventType, string>>;

/**
 * Writes an event as a record. `value` is JSON; numbers of `extra` that a double cannot hold keep their digits.
 * @param rawPosition topic/partition/offset of the raw record, where the event does not say it itself
 * @param trace what it goes out in, where that is traced
 * @param redriven whether an operator has sent its receipt in again
 */
export function encodeEvent(
  event: CanonicalEvent,
  rawPosition = event.rawPosition,
  trace: TraceHeaders | null = null,
  redriven = false,
): EventRecord {
  const headers: Record<string, string> = {
    ce_specversion: '1.0',
    ce_id: event.id,
    ce_source: event.source,
    ce_type: event.type,
    ce_subject: event.subject,
    ce_time: event.time,
    ce_dataschema: DATA_SCHEMAS[event.type],
    ce_partitionkey: event.subject,
    ce_receiptid: event.receiptId,
    'content-type': 'application/json',
  };
  if (rawPosition !== undefined) headers.ce_rawposition = rawPosition;
  if (trace !== null) Object.assign(headers, trace);
  if (redriven) headers[RECEIPT_HEADERS.transport] = REDRIVE;
  return { key: event.subject, value: JSON.stringify(event.data), headers };
}

/** Whether a `ce_type` is one of ours. */
export function isEventType(type: string): type is EventType {
  return Object.hasOwn(EVENT_TYPES, type);
}
