import { Counter, Histogram, type Registry } from 'prom-client';
import { METRIC_PREFIX } from '#runtime';
import type { ProjectedBatch } from './project-batch.js';

/** What the projector counts. */
export class ProjectorMetrics {
  readonly #changes: Counter<'type'>;
  readonly #deadLetters: Counter<'code'>;
  readonly #duration: Histogram;

  constructor(registry: Registry) {
    const registers = [registry];
    this.#changes = new Counter({
      name: `${METRIC_PREFIX}changes_published_total`,
      help: 'Changes published to subscribers, by event type',
      labelNames: ['type'],
      registers,
    });
    this.#deadLetters = new Counter({
      name: `${METRIC_PREFIX}projector_dead_letters_total`,
      help: 'Events put aside as dead letters, by code',
      labelNames: ['code'],
      registers,
    });
    this.#duration = new Histogram({
      name: `${METRIC_PREFIX}projection_seconds`,
      help: 'Time of one transaction: merged, published, committed',
      buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10],
      registers,
    });
  }

  /** @param seconds from the first statement to the commit */
  projected({ changes, deadLetters }: ProjectedBatch, seconds: number): void {
    this.#duration.observe(seconds);
    for (const [type, count] of Object.entries(changes)) this.#changes.inc({ type }, count);
    for (const { code } of deadLetters) this.deadLetter(code);
  }

  deadLetter(code: string): void {
    this.#deadLetters.inc({ code });
  }
}
