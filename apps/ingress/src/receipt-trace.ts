import { RECEIPT_HEADERS, TRACE_HEADERS } from '#contracts';
import type { OutgoingRecord } from '#kafka';
import { sending, type Attributes, type Span, type SpanBeginning, type Tracing } from '#tracing';
import type { QueueMessage } from './mns/mns-queue.js';

/** Of a push what its trace tells, or begins with. */
export interface PushedRequest {
  /** `performance.now()` of when its head had come. */
  readonly arrivedAt: number;
  /** What the request says of a trace that it belongs to. */
  readonly traceparent: unknown;
  readonly bytes: number;
}

/** A receipt that is traced, at the door: a span for the time until its answer, and one in it for the record. */
export class ReceiptTrace {
  /** The receipt with what the next stage goes on with. */
  readonly record: OutgoingRecord;
  readonly #door: Span;
  readonly #send: Span;

  private constructor(tracing: Tracing, name: string, beginning: SpanBeginning, record: OutgoingRecord) {
    const attributes = { ...beginning.attributes, ...identity(record) };
    this.#door = tracing.start(name, { ...beginning, attributes });
    this.#send = tracing.start(`send ${record.topic}`, {
      kind: 'producer',
      parent: this.#door,
      attributes: { ...sending(record.topic), ...identity(record) },
    });
    this.record = { ...record, headers: { ...record.headers, ...this.#send.headers } };
  }

  /**
   * Null for a receipt that is not traced: that is decided here, once for all stages. What the request says of a trace of
   * its own is only linked to: whoever may push could otherwise decide what we trace, and in whose trace it stands. The
   * path holds the token, so the route stands for it.
   */
  static ofPush(tracing: Tracing | null, record: OutgoingRecord, request: PushedRequest): ReceiptTrace | null {
    if (tracing?.samples() !== true) return null;
    const { arrivedAt, traceparent, bytes } = request;
    const beginning: SpanBeginning = {
      kind: 'server',
      began: arrivedAt,
      links: typeof traceparent === 'string' ? [{ traceparent }] : [],
      attributes: {
        'http.request.method': 'POST',
        'http.route': '/receipts/{sourceId}/{token}',
        'http.request.body.size': bytes,
      },
    };
    return new ReceiptTrace(tracing, 'POST /receipts/{sourceId}/{token}', beginning, record);
  }

  /** The same for a message of a provider's queue. */
  static ofMessage(tracing: Tracing | null, record: OutgoingRecord, message: QueueMessage): ReceiptTrace | null {
    if (tracing?.samples() !== true) return null;
    const source = String(record.headers[RECEIPT_HEADERS.source]);
    const attributes: Attributes = {
      'messaging.system': 'alibaba_mns',
      'messaging.operation.name': 'process',
      'messaging.operation.type': 'process',
      // The queue's own name holds the number of the account.
      'messaging.destination.name': source,
      'messaging.message.id': message.messageId,
      'quittance.queue.dequeue_count': message.dequeueCount,
    };
    return new ReceiptTrace(tracing, `process ${source}`, { kind: 'consumer', attributes }, record);
  }

  /** @param error why it is durable nowhere */
  sent(error?: string): void {
    this.#send.end(error);
  }

  /** The provider has its answer. A refusal is an error of ours only from 500 on. */
  answered(status: number, refusal?: string): void {
    this.#door.set({ 'http.response.status_code': status });
    this.#door.end(status >= 500 ? (refusal ?? String(status)) : undefined);
  }

  /** The queue's message may be deleted; with an error it comes again. */
  done(error?: string): void {
    this.#door.end(error);
  }
}

/**
 * Receipts that have waited in the spool are in Kafka now: those that are traced get a span for it, beside the one that
 * ended when they were on the disk.
 * @param began `performance.now()` of when they were handed over
 */
export function traceDrained(tracing: Tracing | null, records: readonly OutgoingRecord[], began: number): void {
  if (tracing === null) return;
  for (const record of records) {
    const traceparent = record.headers[TRACE_HEADERS.traceparent];
    if (typeof traceparent !== 'string') continue;
    const attributes = { ...sending(record.topic), ...identity(record), 'quittance.spooled': true };
    tracing.start(`send ${record.topic}`, { kind: 'client', parent: { traceparent }, began, attributes }).end();
  }
}

function identity({ headers }: OutgoingRecord): Attributes {
  return {
    'quittance.receipt.id': String(headers[RECEIPT_HEADERS.receiptId]),
    'quittance.source': String(headers[RECEIPT_HEADERS.source]),
    'quittance.provider': String(headers[RECEIPT_HEADERS.provider]),
  };
}
