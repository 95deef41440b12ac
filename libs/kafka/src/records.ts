import type { KafkaMessage } from 'kafkajs';
import { DecodedRecord } from './kafkajs/record-decoder.js';

/** Headers as they come from Kafka: bytes by name, null where there are none; an array where a name is there twice. */
export type RecordHeaders = Readonly<Record<string, HeaderValue | HeaderValue[] | undefined>>;

type HeaderValue = Buffer | string | null;

/** A record read from a topic. */
export interface IncomingRecord {
  readonly topic: string;
  readonly partition: number;
  /** A decimal number of up to 64 bits. */
  readonly offset: string;
  /** Kafka's own time of the record, Unix ms. */
  readonly timestamp: number;
  readonly key: Buffer | null;
  /** Null is a tombstone; an empty buffer is an empty value. */
  readonly value: Buffer | null;
  readonly headers: RecordHeaders;
}

/** A record to be written. */
export interface OutgoingRecord {
  readonly topic: string;
  /** Decides the partition (murmur2, as in Kafka's own clients). Null: spread. */
  readonly key: string | Buffer | null;
  readonly value: Buffer | string;
  readonly headers: Readonly<Record<string, string | Buffer>>;
}

/** A header as text; undefined where it is absent. Of several with one name the first counts. */
export function headerText(record: { readonly headers: RecordHeaders }, name: string): string | undefined {
  if (record instanceof FetchedRecord) return record.headerText(name);
  return firstValue(record.headers[name])?.toString();
}

/** The value of a header; of several with one name the first. */
export function firstValue(value: RecordHeaders[string]): Buffer | string | null | undefined {
  return Array.isArray(value) ? value[0] : value;
}

/** Headers as they can be written again: those that have a value; of several with one name the first. */
export function headerValues(headers: RecordHeaders): Record<string, Buffer | string> {
  const values: Record<string, Buffer | string> = {};
  for (const [name, header] of Object.entries(headers)) {
    const value = firstValue(header);
    if (value !== undefined && value !== null) values[name] = value;
  }
  return values;
}

/** Where a record stands: `topic/partition/offset`. */
export function recordOrigin(record: IncomingRecord): string {
  return `${record.topic}/${record.partition}/${record.offset}`;
}

/** A message of kafkajs as a record of ours. */
export class FetchedRecord implements IncomingRecord {
  readonly offset: string;
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  readonly #message: KafkaMessage;

  constructor(
    readonly topic: string,
    readonly partition: number,
    message: KafkaMessage,
  ) {
    this.offset = message.offset;
    this.key = message.key;
    this.value = message.value;
    this.#message = message;
  }

  get timestamp(): number {
    return Number(this.#message.timestamp);
  }

  get headers(): RecordHeaders {
    return this.#message.headers ?? {};
  }

  /** See the function of this name. */
  headerText(name: string): string | undefined {
    const message: unknown = this.#message;
    if (message instanceof DecodedRecord) return message.headerText(name);
    return firstValue(this.headers[name])?.toString();
  }
}
