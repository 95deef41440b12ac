import type { OnApplicationShutdown, OnModuleInit } from '@nestjs/common';
import { Gauge } from 'prom-client';
import type { GroupCommitProducer, OutgoingRecord, PublishOptions } from '#kafka';
import { METRIC_PREFIX } from '#runtime';
import type { Health, Metrics } from '#runtime';

/** The life of the producer: it connects in the background, and flushes after the last answer has been given. */
export class KafkaPublisher implements OnModuleInit, OnApplicationShutdown {
  constructor(
    private readonly producer: GroupCommitProducer,
    health: Health,
    metrics: Metrics,
  ) {
    health.register('kafka', () =>
      producer.connected ? { healthy: true } : { healthy: false, detail: 'no broker answers; trying again' },
    );
    const registers = [metrics.registry];
    new Gauge({
      name: `${METRIC_PREFIX}ingress_queue_records`,
      help: 'Receipts that wait for Kafka',
      registers,
      collect() {
        this.set(producer.queuedRecords);
      },
    });
    new Gauge({
      name: `${METRIC_PREFIX}ingress_queue_bytes`,
      help: 'Bytes of the receipts that wait for Kafka',
      registers,
      collect() {
        this.set(producer.queuedBytes);
      },
    });
  }

  onModuleInit(): void {
    // Not awaited: without Kafka the process must be up, say so, and answer 503.
    void this.producer.connect();
  }

  publish(record: OutgoingRecord, options: PublishOptions): Promise<void> {
    return this.producer.publish(record, options);
  }

  /** Nest calls this after the HTTP server has closed: no receipt can come any more. */
  async onApplicationShutdown(): Promise<void> {
    await this.producer.close();
  }
}
