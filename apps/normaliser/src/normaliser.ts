import type { OnApplicationShutdown, OnModuleInit } from '@nestjs/common';
import {
  consumerGroup,
  encodeEvent,
  LEDGER_HEADERS,
  RECEIPT_HEADERS,
  REDRIVE,
  topicNames,
  type TopicNames,
  type TraceHeaders,
} from '#contracts';
import {
  BatchConsumer,
  deadLetterRecord,
  GroupCommitProducer,
  headerText,
  LAG_LOOK_EVERY,
  recordOrigin,
  RecordTooLargeError,
  type IncomingRecord,
  type OutgoingRecord,
  type PermanentError,
} from '#kafka';
import {
  publishMetrics,
  registerConsumerMetrics,
  type Configuration,
  type Environment,
  type Logger,
  type StageParts,
} from '#runtime';
import { inTracedBatch, type TracedBatch, type Tracing } from '#tracing';
import { NormaliserMetrics } from './normaliser-metrics.js';
import { normaliseSubmission } from './normalise-submission.js';
import { MAX_EVENT_BYTES, normalise, type DeadLetter, type Normalised } from './normalise.js';
import { Outbox } from './outbox.js';
import { readingOf, type Reading } from './reading.js';
import { tightened, type SizeLimits } from './size-limits.js';
import { batchLine } from './batch-line.js';
import { isEmpty, Tally } from './tally.js';

/** What Nest injects the normaliser by. */
export const NORMALISER = Symbol('normaliser');

/** Partitions worked on at once: while one waits for Kafka, another parses. */
const CONCURRENCY = 4;
/** Receipts a handler gets at once. */
const MAX_RECEIPTS = 500;

/** Where the topics take what they should. */
const USUAL_LIMITS: SizeLimits = { event: MAX_EVENT_BYTES, letter: Infinity };

/** Dead letters of one batch that have a line each; who wants to see all reads the topic. */
const MOST_LOGGED = 20;

/** What a receipt or a submission becomes. */
type Become = (record: IncomingRecord, reading: Reading, limits: SizeLimits) => Normalised;

/** What a stopping process gives the sends under way, ms. */
const LAST_SENDS = 1_000;

/** A send may take this long, ms. */
const LONGEST_SEND = 10_000;

/** Turns receipts and submissions into canonical events: the connections, and the wiring between them. */
export class Normaliser implements OnModuleInit, OnApplicationShutdown {
  readonly consumer: BatchConsumer;
  readonly #producer: GroupCommitProducer;
  readonly #topics: TopicNames;
  #reading: Reading;
  readonly #group: string;
  readonly #logger: Logger;
  readonly #metrics: NormaliserMetrics;

  constructor(
    environment: Environment,
    configuration: Configuration,
    logger: Logger,
    { health, metrics, onFatal }: StageParts,
    private readonly tracing: Tracing | null,
  ) {
    const { kafka } = environment;
    this.#logger = logger;
    this.#topics = topicNames(environment.topicPrefix);
    this.#reading = readingOf(configuration);
    this.#group = consumerGroup(environment.topicPrefix, 'normaliser');
    this.#producer = new GroupCommitProducer({
      kafka,
      logger,
      // A batch may have to wait for two sends, and must still be given up in time when the process stops.
      sendTimeout: Math.min(LONGEST_SEND, environment.shutdownGrace / 3),
      onSend: publishMetrics(metrics.registry),
    });
    this.#metrics = new NormaliserMetrics(metrics.registry);
    this.consumer = new BatchConsumer({
      kafka,
      logger,
      groupId: this.#group,
      reader: this.#reading.reader,
      topicPrefix: environment.topicPrefix,
      concurrency: CONCURRENCY,
      maxRecords: MAX_RECEIPTS,
      deadLetter: (record, reason) => this.#putAside(record, reason),
      probe: () => Promise.resolve(this.#producer.connected),
      lagLookEvery: LAG_LOOK_EVERY,
      closeWithin: environment.shutdownGrace / 3,
      onFatal,
    });
    registerConsumerMetrics(metrics.registry, () => this.consumer.progress());
    health.register('consumer', () => this.consumer.health());
    health.register('producer', () => ({
      healthy: this.#producer.connected,
      detail: this.#producer.connected ? 'connected' : 'not connected to Kafka',
    }));
  }

  onModuleInit(): void {
    void this.#producer.connect();
  }

  /**
   * Prepares for another configuration; what it returns lets it count for the batches that begin from then on. The group is
   * told only if it changes what becomes of a receipt, not for a secret.
   */
  prepare(configuration: Configuration): () => void {
    const next = readingOf(configuration);
    return () => {
      this.#reading = next;
      this.consumer.readsWith(next.reader);
    };
  }

  /** Works off receipts. What a throw means: see BatchHandler. */
  async normaliseAll(receipts: readonly IncomingRecord[]): Promise<void> {
    await this.#publishAll('receipt.normalised', receipts, (receipt, { settings }, { event }) =>
      normalise(receipt, settings, event),
    );
  }

  /** Works off submissions. What a throw means: see BatchHandler. */
  async normaliseSubmissions(submissions: readonly IncomingRecord[]): Promise<void> {
    await this.#publishAll('submission.normalised', submissions, (submission, { settings }) =>
      normaliseSubmission(submission, settings),
    );
  }

  /** Nest calls this after the consumer has stopped: no batch waits for what is not sent yet. */
  async onApplicationShutdown(): Promise<void> {
    await this.#producer.close(LAST_SENDS);
  }

  /** Publishes what receipts become, in spans of their own where they are traced. */
  async #publishAll(message: string, receipts: readonly IncomingRecord[], become: Become): Promise<void> {
    await inTracedBatch(this.tracing, receipts, this.#group, (trace) =>
      this.#publishFitting(message, receipts, become, trace),
    );
  }

  /** What a topic finds too large becomes the element's own dead letter. */
  async #publishFitting(
    message: string,
    receipts: readonly IncomingRecord[],
    become: Become,
    trace: TracedBatch | null,
  ): Promise<void> {
    const began = performance.now();
    // For the whole attempt, however often topics find something too large; the next one takes what counts then.
    const reading = this.#reading;
    for (let limits = USUAL_LIMITS; ;) {
      try {
        const { tally, waited } = await this.#publishWithin(limits, reading, receipts, become, trace);
        this.#report(tally);
        this.#logger.info(batchLine(receipts, tally, { ms: performance.now() - began, publishMs: waited }), message);
        return;
      } catch (error) {
        const tighter = error instanceof RecordTooLargeError ? tightened(limits, error, this.#topics) : null;
        if (tighter === null) throw error;
        limits = tighter;
      }
    }
  }

  async #publishWithin(
    limits: SizeLimits,
    reading: Reading,
    receipts: readonly IncomingRecord[],
    become: Become,
    trace: TracedBatch | null,
  ): Promise<{ readonly tally: Tally; readonly waited: number }> {
    const tally = new Tally();
    const outbox = new Outbox(this.#producer);
    for (const receipt of receipts) {
      const normalised = become(receipt, reading, limits);
      const position = recordOrigin(receipt);
      const sent = trace && this.#send(trace, receipt, normalised);
      const redriven = headerText(receipt, RECEIPT_HEADERS.transport) === REDRIVE;
      for (const event of normalised.events) {
        outbox.add({ topic: this.#topics['events.v1'], ...encodeEvent(event, position, sent, redriven) });
        if (outbox.isFull) await outbox.flush();
      }
      for (const letter of normalised.deadLetters) {
        outbox.add(this.#deadLetter(receipt, letter, reading.reader, limits.letter));
        if (outbox.isFull) await outbox.flush();
      }
      if (isEmpty(normalised)) outbox.add(this.#emptyReceipt(position));
      tally.add(normalised, receipt);
    }
    await outbox.close();
    return { tally, waited: outbox.waited };
  }

  /** What the events of a receipt that is traced carry; null: it is not traced, or becomes none. */
  #send(trace: TracedBatch, receipt: IncomingRecord, { events, deadLetters }: Normalised): TraceHeaders | null {
    const span = trace.of(receipt);
    for (const { code } of deadLetters) trace.reject(receipt, code);
    if (span === undefined || events.length === 0) return null;
    return trace.send(span, this.#topics['events.v1'], events.length).headers;
  }

  /** Counted once everything of a batch is durable: what is tried again is not counted twice. */
  #report(tally: Tally): void {
    this.#metrics.count(tally);
    for (const letter of tally.deadLetters.slice(0, MOST_LOGGED)) this.#logger.warn(letter, 'receipt.dead-lettered');
    const more = tally.deadLetters.length - MOST_LOGGED;
    if (more > 0) this.#logger.warn({ more }, 'receipt.dead-lettered');
  }

  /** All that is left of it: the ledger must see that it was not lost. */
  #emptyReceipt(position: string): OutgoingRecord {
    const headers = { [LEDGER_HEADERS.kind]: 'empty', [LEDGER_HEADERS.origin]: position };
    return { topic: this.#topics['ledger.v1'], key: null, value: '', headers };
  }

  #deadLetter(receipt: IncomingRecord, letter: DeadLetter, reader: string, maxValueBytes: number): OutgoingRecord {
    return deadLetterRecord(this.#topics['dead-letters.v1'], receipt, {
      ...letter,
      stage: 'normaliser',
      reader,
      foreign: receipt.topic === this.#topics['submissions.v1'],
      maxValueBytes,
    });
  }

  async #putAside(receipt: IncomingRecord, { code, detail }: PermanentError): Promise<void> {
    const letter = { code, detail, element: null, value: receipt.value ?? Buffer.alloc(0) };
    await this.#publishAll('receipt.normalised', [receipt], () => ({ events: [], deadLetters: [letter], elements: 0 }));
  }
}
