import { RECEIPT_HEADERS, REDRIVEN_FROM, TRACE_HEADERS, UUID, type TraceHeaders } from '#contracts';
import { headerText, type IncomingRecord } from '#kafka';
import { isTraced } from './trace-context.js';
import type { Attributes, Span, SpanKind, Tracing } from './tracing.js';

interface TracedRecord {
  readonly record: IncomingRecord;
  readonly origin: TraceHeaders;
}

interface RecordSpan {
  readonly span: Span;
  error: string | undefined;
}

/** Does work on records in spans of their own, where any of them is traced; otherwise with null, and nothing is spent. */
export async function inTracedBatch<T>(
  tracing: Tracing | null,
  records: readonly IncomingRecord[],
  group: string,
  work: (batch: TracedBatch | null) => Promise<T>,
): Promise<T> {
  const traced = tracing === null ? [] : tracedRecords(records);
  if (tracing === null || traced.length === 0) return work(null);
  const batch = new TracedBatch(tracing, traced, { group, records: records.length });
  try {
    const result = await work(batch);
    batch.end();
    return result;
  } catch (error) {
    batch.fail(error instanceof Error ? error.name : 'unknown');
    throw error;
  }
}

/**
 * The spans of one attempt at the records of a partition. The batch has one of its own, in a trace of its own, with a link
 * to each record that is traced: many traces meet in it, so it can be a part of none. Each of those records has one in its
 * own trace. When an attempt fails only the batch's span is kept: the records are tried again, and theirs tell what was.
 */
export class TracedBatch {
  readonly #tracing: Tracing;
  readonly #span: Span;
  readonly #records = new Map<IncomingRecord, RecordSpan>();
  readonly #sends: Span[] = [];

  /** @param traced at least one, all of one partition */
  constructor(
    tracing: Tracing,
    traced: readonly TracedRecord[],
    { group, records }: { readonly group: string; readonly records: number },
  ) {
    this.#tracing = tracing;
    const { topic, partition } = traced[0]!.record;
    const attributes = processing(topic, partition, group);
    this.#span = tracing.start(`process ${topic}`, {
      kind: 'consumer',
      links: traced.map(({ origin }) => origin),
      attributes: { ...attributes, 'messaging.batch.message_count': records },
    });
    for (const { record, origin } of traced) {
      // What an operator has sent in again is work of today: it gets a trace of its own that leads back to the first.
      const place = isCopy(record) ? { links: [origin, this.#span] } : { parent: origin, links: [this.#span] };
      const span = tracing.start(`process ${topic}`, {
        kind: 'consumer',
        ...place,
        attributes: { ...attributes, ...identity(record) },
      });
      this.#records.set(record, { span, error: undefined });
    }
  }

  /** The span of a record; undefined: it is not traced. */
  of(record: IncomingRecord): Span | undefined {
    return this.#records.get(record)?.span;
  }

  /** Records are about to go out because of something that is traced. They carry the headers of the span. */
  send(cause: Span | TraceHeaders, topic: string, records: number): Span {
    const span = this.#tracing.start(`send ${topic}`, {
      kind: 'producer',
      parent: cause,
      attributes: { ...sending(topic), 'messaging.batch.message_count': records },
    });
    this.#sends.push(span);
    return span;
  }

  /** A step of the batch as a whole. Whoever takes it ends it. */
  step(name: string, kind: SpanKind, attributes: Attributes): Span {
    return this.#tracing.start(name, { kind, parent: this.#span, attributes });
  }

  /** A record is done, as a dead letter. */
  reject(record: IncomingRecord, code: string): void {
    const own = this.#records.get(record);
    if (own !== undefined) own.error ??= code;
  }

  /** Everything is durable. */
  end(): void {
    for (const span of this.#sends) span.end();
    for (const { span, error } of this.#records.values()) span.end(error);
    this.#span.end();
  }

  /** @param error its name */
  fail(error: string): void {
    this.#span.end(error);
  }
}

/** What a span says that records go out in. */
export function sending(topic: string): Attributes {
  return {
    'messaging.system': 'kafka',
    'messaging.operation.name': 'send',
    'messaging.operation.type': 'send',
    'messaging.destination.name': topic,
  };
}

function processing(topic: string, partition: number, group: string): Attributes {
  return {
    'messaging.system': 'kafka',
    'messaging.operation.name': 'process',
    'messaging.operation.type': 'process',
    'messaging.destination.name': topic,
    'messaging.destination.partition.id': String(partition),
    'messaging.consumer.group.name': group,
  };
}

function tracedRecords(records: readonly IncomingRecord[]): TracedRecord[] {
  return records.flatMap((record) => {
    const traceparent = headerText(record, TRACE_HEADERS.traceparent);
    if (traceparent === undefined || !isTraced({ traceparent })) return [];
    const tracestate = headerText(record, TRACE_HEADERS.tracestate);
    return [{ record, origin: { traceparent, ...(tracestate === undefined ? {} : { tracestate }) } }];
  });
}

function isCopy(record: IncomingRecord): boolean {
  return headerText(record, REDRIVEN_FROM) !== undefined || headerText(record, RECEIPT_HEADERS.copyOf) !== undefined;
}

function identity(record: IncomingRecord): Attributes {
  const attributes: Record<string, string | number> = { 'messaging.kafka.offset': Number(record.offset) };
  const ids = {
    'messaging.kafka.message.key': record.key?.toString(),
    'messaging.message.id': headerText(record, 'ce_id') ?? headerText(record, RECEIPT_HEADERS.receiptId),
    'quittance.receipt.id': headerText(record, 'ce_receiptid') ?? headerText(record, RECEIPT_HEADERS.receiptId),
  };
  // Keys and ids of ours are UUIDs. What others write as a key may say who somebody is.
  for (const [name, id] of Object.entries(ids)) if (id !== undefined && UUID.test(id)) attributes[name] = id;
  return attributes;
}
