/** What Grafana formats a value as; its own names (https://grafana.com/docs/grafana/latest/panels-visualizations). */
export type Unit = 'short' | 's' | 'bytes' | 'percentunit' | 'suffix:/s';

/** One line of a panel, or many: one for each combination of labels that the query leaves. */
export interface Query {
  readonly expr: string;
  /** Labels in double braces. */
  readonly legend: string;
}

/** A picture with the question that it answers. */
export interface Panel {
  readonly title: string;
  /**
   * `stat`: the value now, red from 1 on, or from an hour on. `lines`: over time. `many`: over time, with a table of the
   * lines beside them, the greatest first; a list below would have no room for so many names.
   */
  readonly kind: 'stat' | 'lines' | 'many';
  readonly unit: Unit;
  readonly about: string;
  readonly queries: readonly Query[];
  /** An alert of observability/alerts.yaml fires beyond it: drawn across the panel. */
  readonly alarm?: number;
  /** All is well while it is 0: the axis then ends at 1, where Grafana's own would end at 100. */
  readonly isMostlyZero?: boolean;
  /** What stands there when no line is left, which is good here. */
  readonly whenEmpty?: string;
}

/** Panels that belong together. */
export interface Row {
  readonly title: string;
  readonly panels: readonly Panel[];
}

/** Of the time that Grafana looks at once: at least some scrapes. */
export const RATE = '[$__rate_interval]';

/** A panel; `queries` are pairs of a query and the name of its lines. */
export function panel(
  kind: Panel['kind'],
  title: string,
  unit: Unit,
  about: string,
  ...queries: [string, string][]
): Panel {
  return { title, kind, unit, about, queries: queries.map(([expr, legend]) => ({ expr, legend })) };
}

/** All is well while it is 0. */
export function rare(of: Panel): Panel {
  return { ...of, isMostlyZero: true };
}

/** An alert fires beyond `value`. */
export function alarmed(value: number, of: Panel): Panel {
  return { ...of, alarm: value };
}

/** No line is good news, and `text` says so. */
export function orElse(text: string, of: Panel): Panel {
  return { ...of, whenEmpty: text };
}

/** What so large a part of a histogram's values stays below, in its unit. */
export function quantile(part: number, histogram: string): string {
  return `histogram_quantile(${part}, sum by (le) (rate(${histogram}_bucket${RATE})))`;
}
