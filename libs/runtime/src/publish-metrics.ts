import { Counter, type Registry } from 'prom-client';
import { METRIC_PREFIX } from './metrics.js';
import { PlainHistogram } from './plain-histogram.js';

/** One send of a producer, over. */
export interface FinishedSend {
  readonly records: number;
  readonly seconds: number;
  /** `failed`: whether Kafka has it is unknown. `too-large`: the broker refused it, and it is sent in parts. */
  readonly outcome: 'confirmed' | 'failed' | 'too-large';
}

/**
 * Metrics of the producer that the stage's own work goes through.
 * @returns what to tell of every send
 */
export function publishMetrics(registry: Registry): (send: FinishedSend) => void {
  const registers = [registry];
  const seconds = new PlainHistogram({
    name: `${METRIC_PREFIX}kafka_send_seconds`,
    help: 'From handing a send to the client to the answer of all in-sync replicas, or to giving it up',
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    registry,
  });
  const sends = new Counter({
    name: `${METRIC_PREFIX}kafka_sends_total`,
    help: 'Sends to Kafka, by outcome: confirmed, failed (whether Kafka has it is unknown), too-large (sent again in parts)',
    labelNames: ['outcome'],
    registers,
  });
  const records = new Counter({
    name: `${METRIC_PREFIX}kafka_records_published_total`,
    help: 'Records that all in-sync replicas have',
    registers,
  });
  for (const outcome of ['confirmed', 'failed', 'too-large']) sends.inc({ outcome }, 0);
  return (send) => {
    seconds.observe(send.seconds);
    sends.inc({ outcome: send.outcome });
    if (send.outcome === 'confirmed') records.inc(send.records);
  };
}
