import type { OnApplicationShutdown, OnModuleInit } from '@nestjs/common';
import { Gauge } from 'prom-client';
import type { GroupCommitProducer, OutgoingRecord, PublishOptions } from '#kafka';
import { METRIC_PREFIX } from '#runtime';
import type { Health, Metrics } from '#runtime';

/** What is left in the queue was refused, or is left in a provider's queue. It may go out if Kafka is quick about it, ms. */
const LAST_SENDS = 200;

/** The life of the producer: it connects in the background, and flushes after the last answer has been given. */
export class KafkaPublisher implements OnModuleInit, OnApplicationShutdown {
  /** @param limits what may wait for Kafka at once */
  constructor(
    private readonly producer: GroupCommitProducer,
    private readonly limits: { readonly records: number; readonly bytes: number },
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

  /**
   * Whether what can wait may come now: Kafka answers, and half of the space in front of it is free. The other half is for
   * what is pushed, which cannot wait.
   */
  get hasRoom(): boolean {
    const { connected, queuedRecords, queuedBytes } = this.producer;
    return connected && queuedRecords < this.limits.records / 2 && queuedBytes < this.limits.bytes / 2;
  }

  onModuleInit(): void {
    // Not awaited: without Kafka the process must be up, say so, and answer 503.
    void this.producer.connect();
  }

  publish(record: OutgoingRecord, options: PublishOptions): Promise<void> {
    return this.producer.publish(record, options);
  }

  /** Nest calls this after the HTTP server has closed: everybody has his answer, and what is still queued nobody waits for. */
  async onApplicationShutdown(): Promise<void> {
    await this.producer.close(LAST_SENDS);
  }
}
