import type { Histogram, Registry } from 'prom-client';

/** What a histogram is called, and where its buckets end. */
export interface PlainHistogramSettings {
  readonly name: string;
  readonly help: string;
  /** Upper bounds, growing; the last bucket, without a bound, comes by itself. */
  readonly buckets: readonly number[];
  readonly registry: Registry;
}

/**
 * A histogram without labels for hot paths. It counts in plain numbers and makes the client's objects when somebody looks:
 * observing costs a search of some numbers, where the client's own histogram makes objects and hashes labels each time.
 */
export class PlainHistogram {
  readonly name: string;
  readonly help: string;
  readonly type = 'histogram';
  readonly labelNames: readonly string[] = [];
  readonly #bounds: Float64Array;
  readonly #counts: Float64Array;
  #sum = 0;

  constructor({ name, help, buckets, registry }: PlainHistogramSettings) {
    this.name = name;
    this.help = help;
    this.#bounds = Float64Array.from(buckets);
    this.#counts = new Float64Array(buckets.length + 1);
    // The registry asks for `name` and `get` only.
    registry.registerMetric(this as unknown as Histogram);
  }

  /** Counts one value. */
  observe(value: number): void {
    const bounds = this.#bounds;
    let bucket = 0;
    while (bucket < bounds.length && value > bounds[bucket]!) bucket += 1;
    this.#counts[bucket]! += 1;
    this.#sum += value;
  }

  /** As the registry wants it: cumulative buckets, sum, count. */
  get(): Promise<object> {
    let count = 0;
    const values = [...this.#counts].map((inBucket, at) => {
      count += inBucket;
      return { labels: { le: this.#bounds[at] ?? '+Inf' }, value: count, metricName: `${this.name}_bucket` };
    });
    const totals = [
      { labels: {}, value: this.#sum, metricName: `${this.name}_sum` },
      { labels: {}, value: count, metricName: `${this.name}_count` },
    ];
    return Promise.resolve({ name: this.name, help: this.help, type: this.type, values: [...values, ...totals] });
  }
}
