import type { Registry } from 'prom-client';

/** A metric as an app registers it. */
export interface Metric {
  readonly name: string;
  readonly type: string;
  readonly help: string;
  readonly labels: readonly string[];
}

/** What the client knows beside what its types say. */
interface Registered {
  readonly type: string;
  readonly help: string;
  readonly labelNames: readonly string[];
}

/** The metrics of a registry, by name. */
export function metricsOf(registry: Registry): readonly Metric[] {
  return registry.getMetricsAsArray().map((metric) => {
    const { type, help, labelNames } = metric as unknown as Registered;
    return { name: metric.name, type, help, labels: [...labelNames] };
  });
}

/** What a metric is measured in, as its name says by the conventions. */
export function unitOf({ name }: Metric): string {
  if (name.endsWith('_timestamp_seconds')) return 'Unix time, s';
  const [, unit = 'count'] = /_(seconds|bytes)(?:_total)?$/.exec(name) ?? [];
  return unit;
}
