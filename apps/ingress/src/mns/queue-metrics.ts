import { Counter, Gauge } from 'prom-client';
import type { Registry } from 'prom-client';
import { METRIC_PREFIX } from '#runtime';
import { countedAs, type QueueError } from './queue-error.js';

/** Counters of the queues' door. A request takes milliseconds at least, so they need not be cheap. */
export class QueueMetrics {
  readonly #polls: Counter<'source' | 'outcome'>;
  readonly #received: Counter<'source'>;
  readonly #redelivered: Counter<'source'>;
  readonly #deleted: Counter<'source'>;
  readonly #notDeleted: Counter<'source'>;
  readonly #notStored: Counter<'source'>;
  readonly #unreadable: Counter<'source'>;
  readonly #tokens: Counter<'message_type' | 'outcome'>;
  readonly #age: Gauge<'source'>;
  readonly #answered: Gauge<'source'>;

  constructor(registry: Registry) {
    const counter = <L extends string>(name: string, help: string, ...labelNames: L[]): Counter<L> =>
      new Counter({ name: `${METRIC_PREFIX}queue_${name}_total`, help, labelNames, registers: [registry] });
    const gauge = (name: string, help: string): Gauge<'source'> =>
      new Gauge({ name: `${METRIC_PREFIX}queue_${name}`, help, labelNames: ['source'], registers: [registry] });

    this.#polls = counter(
      'polls',
      'Requests for messages, by what came of them: "messages", "empty", or the code of the error, "other" for one that is not listed',
      'source',
      'outcome',
    );
    this.#received = counter('messages_received', 'Messages that a queue has handed out', 'source');
    this.#redelivered = counter('messages_redelivered', 'Those that it had handed out before', 'source');
    this.#deleted = counter('messages_deleted', 'Messages that were deleted after Kafka had them', 'source');
    this.#notDeleted = counter(
      'messages_not_deleted',
      'Messages that Kafka has and that were not deleted in time: they come again, which changes nothing',
      'source',
    );
    this.#notStored = counter(
      'messages_not_stored',
      'Messages that Kafka did not take in time: they were left in the queue and come again',
      'source',
    );
    this.#unreadable = counter(
      'messages_unreadable',
      'Messages without a body or a receipt handle that can be read: they were left in the queue',
      'source',
    );
    this.#tokens = counter('tokens', 'Requests for tokens, by outcome: fetched or failed', 'message_type', 'outcome');
    this.#age = gauge('message_age_seconds', 'How long the message that came last had been in the queue');
    this.#answered = gauge(
      'last_answer_timestamp_seconds',
      'When the queue last answered, with messages or without; at first when polling began',
    );
  }

  /** @param now Unix ms */
  polling(source: string, now: number): void {
    // The alarm "no answer for so long" has to work for a queue that never gave one.
    this.#answered.set({ source }, now / 1_000);
    for (const counter of [this.#received, this.#deleted, this.#notStored, this.#unreadable])
      counter.inc({ source }, 0);
  }

  /** @param messages how many came */
  polled(source: string, messages: number, now: number): void {
    this.#polls.inc({ source, outcome: messages > 0 ? 'messages' : 'empty' });
    this.#answered.set({ source }, now / 1_000);
    if (messages > 0) this.#received.inc({ source }, messages);
  }

  failed(source: string, error: QueueError): void {
    this.#polls.inc({ source, outcome: countedAs(error) });
  }

  /** @param age ms since it was put into the queue; null where the queue does not say */
  received(source: string, dequeueCount: number, age: number | null): void {
    if (dequeueCount > 1) this.#redelivered.inc({ source });
    if (age !== null) this.#age.set({ source }, Math.max(0, age / 1_000));
  }

  deleted(source: string, count: number): void {
    if (count > 0) this.#deleted.inc({ source }, count);
  }

  notDeleted(source: string, count: number): void {
    if (count > 0) this.#notDeleted.inc({ source }, count);
  }

  notStored(source: string, count: number): void {
    if (count > 0) this.#notStored.inc({ source }, count);
  }

  unreadable(source: string, count: number): void {
    if (count > 0) this.#unreadable.inc({ source }, count);
  }

  token(messageType: string, outcome: 'fetched' | 'failed'): void {
    this.#tokens.inc({ message_type: messageType, outcome });
  }

  /** The source is fetched no more. Its counters stay: what they have counted has happened. */
  forget(source: string): void {
    this.#age.remove({ source });
    this.#answered.remove({ source });
  }
}
