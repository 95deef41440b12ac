import { Counter, Gauge, type Registry } from 'prom-client';
import { METRIC_PREFIX } from '#runtime';
import type { Spool } from './spool.js';

/** What is looked at. */
export interface SpoolMetricsParts {
  readonly spool: Spool;
  /** Whether receipts go to the spool at once. */
  readonly bypassesKafka: () => boolean;
  readonly maxBytes: number;
}

/** What is told of the spool. */
export class SpoolMetrics {
  #stored = 0;
  #drained = 0;

  constructor(registry: Registry, { spool, bypassesKafka, maxBytes }: SpoolMetricsParts) {
    const gauge = (name: string, help: string, value: () => number): void => {
      new Gauge({
        name: `${METRIC_PREFIX}spool_${name}`,
        help,
        registers: [registry],
        collect() {
          this.set(value());
        },
      });
    };
    const counter = (name: string, help: string, value: () => number): void => {
      new Counter({
        name: `${METRIC_PREFIX}spool_${name}_total`,
        help,
        registers: [registry],
        collect() {
          this.reset();
          this.inc(value());
        },
      });
    };
    const age = (oldest: number | null): number => (oldest === null ? 0 : Math.max(0, Date.now() - oldest) / 1_000);
    gauge('receipts', 'Receipts on the disk that wait for Kafka', () => spool.status.receipts);
    gauge('bytes', 'Size of the files of the spool', () => spool.status.bytes);
    gauge('limit_bytes', 'Size that they may grow to', () => maxBytes);
    gauge('oldest_seconds', 'Age of the oldest receipt in the spool; 0: there is none', () => age(spool.status.oldest));
    gauge('waiting_receipts', 'Receipts that wait for the disk', () => spool.queued.records);
    gauge('takes', '1: the spool takes receipts; 0: it is full, or its disk fails', () => Number(spool.takes));
    gauge('bypasses_kafka', '1: Kafka fails or is away, and receipts go to the spool at once', () =>
      Number(bypassesKafka()),
    );
    gauge('set_aside_files', 'Files that are damaged, or hold what Kafka refused', () => spool.status.setAside);
    counter('stored_receipts', 'Receipts that went to the spool', () => this.#stored);
    counter('drained_receipts', 'Receipts that went from the spool to Kafka', () => this.#drained);
    counter(
      'unread_receipts',
      'Receipts that could not be read, or that Kafka refused; their files are set aside',
      () => spool.status.unreadable,
    );
    counter('adopted_folders', 'Folders taken over from processes that have ended', () => spool.status.adopted);
  }

  /** A receipt is in the spool. */
  stored(): void {
    this.#stored += 1;
  }

  /** Receipts are in Kafka that were in the spool. */
  drained(receipts: number): void {
    this.#drained += receipts;
  }
}
