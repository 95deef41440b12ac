import { Counter, Gauge, type Registry } from 'prom-client';
import { METRIC_PREFIX } from './metrics.js';

/** How far a consumer has come with a topic, in the partitions that this process holds. */
export interface TopicProgress {
  /** Name of the contract, without the prefix. */
  readonly topic: string;
  readonly partitions: number;
  /** Records that are not done. */
  readonly lagRecords: number;
  /** Age of the oldest of them; 0: there is none. */
  readonly lagSeconds: number;
  /** Records done since the process began. */
  readonly done: number;
  /** Attempts that failed since then, by kind of the failure. */
  readonly failures: Readonly<Record<string, number>>;
}

/** Metrics of the consumer that a stage works for. `progress` is asked when somebody looks, and costs nothing till then. */
export function registerConsumerMetrics(registry: Registry, progress: () => readonly TopicProgress[]): void {
  const registers = [registry];
  const gauge = (name: string, help: string, value: (topic: TopicProgress) => number): void => {
    new Gauge({
      name: `${METRIC_PREFIX}consumer_${name}`,
      help,
      labelNames: ['topic'],
      registers,
      collect() {
        for (const each of progress()) this.set({ topic: each.topic }, value(each));
      },
    });
  };
  gauge(
    'lag_records',
    'Records that are in the partitions of this process and are not done; add up the instances',
    ({ lagRecords }) => lagRecords,
  );
  gauge(
    'lag_seconds',
    'How long the oldest of them has been in its topic; 0: there is none. Take the maximum of the instances',
    ({ lagSeconds }) => lagSeconds,
  );
  gauge('partitions', 'Partitions that this process holds', ({ partitions }) => partitions);
  new Counter({
    name: `${METRIC_PREFIX}consumer_records_done_total`,
    help: 'Records worked off, put aside or passed over',
    labelNames: ['topic'],
    registers,
    collect() {
      this.reset();
      for (const { topic, done } of progress()) this.inc({ topic }, done);
    },
  });
  new Counter({
    name: `${METRIC_PREFIX}consumer_failures_total`,
    help: 'Attempts that failed and are made again, by kind: transient (something is away), unexplained, moved (another process has the partition)',
    labelNames: ['topic', 'kind'],
    registers,
    collect() {
      this.reset();
      for (const { topic, failures } of progress()) {
        for (const [kind, count] of Object.entries(failures)) this.inc({ topic, kind }, count);
      }
    },
  });
}
