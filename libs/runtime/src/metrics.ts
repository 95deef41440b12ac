import { collectDefaultMetrics, Registry } from 'prom-client';

/** What every metric of ours is named with. */
export const METRIC_PREFIX = 'quittance_';

/** The metrics of this process, those of Node itself included. Labels never hold anything personal. */
export class Metrics {
  readonly registry = new Registry();

  constructor() {
    collectDefaultMetrics({ register: this.registry, prefix: METRIC_PREFIX });
  }
}
