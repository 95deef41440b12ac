import type { GroupCommitProducer, OutgoingRecord, PublishOptions } from '#kafka';
import type { Logger, Metrics } from '#runtime';
import type { Tracing } from '#tracing';
import { Circuit } from './circuit.js';
import { DurablePublisher } from './durable-publisher.js';
import { SpoolDrain } from './spool-drain.js';
import { SpoolMetrics } from './spool-metrics.js';
import { SpoolReports } from './spool-reports.js';
import type { Spool } from './spool.js';

/** What the spool works between. */
export interface SpoolingParts {
  readonly spool: Spool;
  readonly producer: GroupCommitProducer;
  /** Full name of the topic of raw receipts. */
  readonly topic: string;
  /** A producer for what is told of the spool, and the full name of the topic for it. */
  readonly reports: { readonly producer: GroupCommitProducer; readonly topic: string };
  /** Bytes that the spool may grow to. */
  readonly maxBytes: number;
  readonly metrics: Metrics;
  readonly logger: Logger;
  /** Null: nothing is traced. */
  readonly tracing: Tracing | null;
}

/** The way of a pushed receipt where there is a spool: Kafka, else the disk, and from the disk to Kafka. */
export class Spooling {
  readonly #spool: Spool;
  readonly #publisher: DurablePublisher;
  readonly #drain: SpoolDrain;
  readonly #reports: SpoolReports;

  constructor({ spool, producer, topic, reports, maxBytes, metrics: { registry }, logger, tracing }: SpoolingParts) {
    const circuit = new Circuit();
    const bypassesKafka = (): boolean => circuit.isOpen || !producer.connected;
    const metrics = new SpoolMetrics(registry, { spool, bypassesKafka, maxBytes });
    this.#spool = spool;
    this.#publisher = new DurablePublisher({
      kafka: producer,
      spool,
      circuit,
      onStored: () => {
        metrics.stored();
      },
    });
    this.#drain = new SpoolDrain({
      spool,
      kafka: producer,
      circuit,
      topic,
      onDrained: (receipts) => {
        metrics.drained(receipts);
      },
      tracing,
    });
    this.#reports = new SpoolReports({ spool, ...reports, logger });
  }

  /** Whether a receipt would be taken though Kafka is away. */
  get takes(): boolean {
    return this.#spool.takes;
  }

  /** Durable when it resolves. See `DurablePublisher`. */
  publish(record: OutgoingRecord, options: PublishOptions): Promise<void> {
    return this.#publisher.publish(record, options);
  }

  /** Begins to drain and to report, in the background. */
  start(): void {
    this.#drain.start();
    this.#reports.start();
  }

  /**
   * After the last answer: drains while Kafka works, for `within` ms at most. What is left stays on the disk for whoever
   * has the folder next.
   */
  async stop(within: number): Promise<void> {
    this.#publisher.stop();
    await this.#drain.stop(within);
    await this.#reports.stop();
    await this.#spool.close();
  }
}
