import type { OnApplicationShutdown, OnModuleInit } from '@nestjs/common';
import { encodeEvent, Identity, topicNames, type CanonicalEvent, type TopicNames } from '#contracts';
import {
  BatchConsumer,
  deadLetterRecord,
  GroupCommitProducer,
  type IncomingRecord,
  type OutgoingRecord,
  type PermanentError,
} from '#kafka';
import { PROVIDERS } from '#providers';
import type { Configuration, Environment, Logger, StageParts } from '#runtime';
import { NormaliserMetrics } from './normaliser-metrics.js';
import { normalise, type DeadLetter, type NormaliserSettings } from './normalise.js';

/** What Nest injects the normaliser by. */
export const NORMALISER = Symbol('normaliser');

/** Partitions worked on at once: while one waits for Kafka, another parses. */
const CONCURRENCY = 4;
/** Receipts a handler gets at once. */
const MAX_RECEIPTS = 500;
/** Records that are held before they are published: a bound on memory, whatever one body unpacks to. */
const MAX_HELD = 1_000;

/** A send may take this long, ms. */
const LONGEST_SEND = 10_000;

/** Turns receipts into canonical events: the connections, and the wiring between them. */
export class Normaliser implements OnModuleInit, OnApplicationShutdown {
  readonly consumer: BatchConsumer;
  readonly #producer: GroupCommitProducer;
  readonly #topics: TopicNames;
  readonly #settings: NormaliserSettings;
  readonly #logger: Logger;
  readonly #metrics: NormaliserMetrics;

  constructor(
    environment: Environment,
    configuration: Configuration,
    logger: Logger,
    { health, metrics, onFatal }: StageParts,
  ) {
    const kafka = { brokers: environment.brokers, clientId: environment.clientId };
    this.#logger = logger;
    this.#topics = topicNames(environment.topicPrefix);
    this.#settings = {
      installation: configuration.installation,
      identity: new Identity(configuration.identityNamespace),
      providers: PROVIDERS,
      source: (id) => configuration.sources.get(id),
    };
    this.#producer = new GroupCommitProducer({
      kafka,
      logger,
      // A batch may have to wait for two sends, and must still be given up in time when the process stops.
      sendTimeout: Math.min(LONGEST_SEND, environment.shutdownGrace / 3),
    });
    this.#metrics = new NormaliserMetrics(metrics.registry);
    this.consumer = new BatchConsumer({
      kafka,
      logger,
      groupId: `${environment.topicPrefix}normaliser`,
      topicPrefix: environment.topicPrefix,
      concurrency: CONCURRENCY,
      maxRecords: MAX_RECEIPTS,
      deadLetter: (record, reason) => this.#putAside(record, reason),
      probe: () => Promise.resolve(this.#producer.connected),
      closeWithin: environment.shutdownGrace / 3,
      onFatal,
    });
    health.register('consumer', () => this.consumer.health());
    health.register('producer', () => ({
      healthy: this.#producer.connected,
      detail: this.#producer.connected ? 'connected' : 'not connected to Kafka',
    }));
  }

  onModuleInit(): void {
    void this.#producer.connect();
  }

  /** Works off receipts. What a throw means: see BatchHandler. */
  async normaliseAll(receipts: readonly IncomingRecord[]): Promise<void> {
    let held = new Held();
    for (const receipt of receipts) {
      const { events, deadLetters, elements } = normalise(receipt, this.#settings);
      for (const event of events) held.add({ topic: this.#topics['events.v1'], ...encodeEvent(event) }, event);
      for (const letter of deadLetters) held.add(this.#deadLetter(receipt, letter), letter);
      if (elements === 0 && deadLetters.length === 0) this.#metrics.empty();
      if (held.records.length >= MAX_HELD) {
        await this.#publish(held);
        held = new Held();
      }
    }
    await this.#publish(held);
    const { topic, partition, offset } = receipts[0]!;
    this.#logger.debug({ topic, partition, offset, receipts: receipts.length }, 'receipt.normalised');
  }

  /** Nest calls this after the consumer has stopped. */
  async onApplicationShutdown(): Promise<void> {
    await this.#producer.close();
  }

  /** Counted once it is durable: what is tried again is not counted twice. */
  async #publish({ records, contents }: Held): Promise<void> {
    await this.#producer.publishAll(records);
    for (const content of contents) {
      if ('code' in content) {
        const { code, detail, element } = content;
        this.#metrics.deadLetter(code);
        this.#logger.warn({ code, detail, element }, 'receipt.dead-lettered');
      } else {
        this.#metrics.event(content);
      }
    }
  }

  #deadLetter(receipt: IncomingRecord, letter: DeadLetter): OutgoingRecord {
    return deadLetterRecord(this.#topics['dead-letters.v1'], receipt, { ...letter, stage: 'normaliser' });
  }

  #putAside(receipt: IncomingRecord, { code, detail }: PermanentError): Promise<void> {
    const letter = { code, detail, element: null, value: receipt.value ?? Buffer.alloc(0) };
    const held = new Held();
    held.add(this.#deadLetter(receipt, letter), letter);
    return this.#publish(held);
  }
}

/** What has been made and not been published yet. */
class Held {
  readonly records: OutgoingRecord[] = [];
  readonly contents: (CanonicalEvent | DeadLetter)[] = [];

  add(record: OutgoingRecord, content: CanonicalEvent | DeadLetter): void {
    this.records.push(record);
    this.contents.push(content);
  }
}
