import type { OnApplicationShutdown, OnModuleInit } from '@nestjs/common';
import { Gauge } from 'prom-client';
import type { GroupCommitProducer, OutgoingRecord, PublishOptions } from '#kafka';
import { METRIC_PREFIX } from '#runtime';
import type { Health, Metrics } from '#runtime';
import type { Spooling } from './spool/spooling.js';

/** What is left in the queue was refused, or is left in a provider's queue. It may go out if Kafka is quick about it, ms. */
const LAST_SENDS = 200;

/** What stops has this part of its time to drain the spool: before it come the last answers, after it the producer. */
const DRAINING_SHARE = 0.4;

/**
 * The life of the producer, and of the spool in front of it: it connects in the background, and flushes after the last
 * answer has been given.
 */
export class KafkaPublisher implements OnModuleInit, OnApplicationShutdown {
  /**
   * @param limits what may wait for Kafka at once
   * @param spooling null: there is no spool
   * @param grace that the process has to stop, ms
   */
  constructor(
    private readonly producer: GroupCommitProducer,
    private readonly limits: { readonly records: number; readonly bytes: number },
    private readonly spooling: Spooling | null,
    private readonly grace: number,
    health: Health,
    metrics: Metrics,
  ) {
    health.register('kafka', () => {
      if (producer.connected) return { healthy: true };
      // Taken out of service, it could not take what nobody else will take either.
      if (spooling?.takes === true) return { healthy: true, detail: 'no broker answers; receipts go to the spool' };
      const spool = spooling === null ? '' : ', and the spool takes nothing';
      return { healthy: false, detail: `no broker answers${spool}; trying again` };
    });
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
    this.spooling?.start();
  }

  /** For what comes again if it fails: durable in Kafka. */
  publish(record: OutgoingRecord, options: PublishOptions): Promise<void> {
    return this.producer.publish(record, options);
  }

  /** For what is pushed, and may never come again: durable in Kafka or in the spool. */
  publishPushed(record: OutgoingRecord, options: PublishOptions): Promise<void> {
    return (this.spooling ?? this.producer).publish(record, options);
  }

  /** Nest calls this after the HTTP server has closed: everybody has his answer, and what is still queued nobody waits for. */
  async onApplicationShutdown(): Promise<void> {
    await this.spooling?.stop(this.grace * DRAINING_SHARE);
    await this.producer.close(LAST_SENDS);
  }
}
