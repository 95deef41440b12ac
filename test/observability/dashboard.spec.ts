import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { dashboard } from '../../dev/observability/dashboard.js';
import { ROWS } from '../../dev/observability/rows.js';
import { parse } from 'yaml';
import { ROOT, textOf } from '../architecture/source-tree.js';
import { listedMetrics } from './metrics-page.js';
import type { Metric } from './metric.js';
import { problemsOf, readQuery } from './promql.js';

const FILE = 'observability/dashboard.json';

/** Counters and histograms of ours that no panel shows, and why that is so. */
const NOT_SHOWN = [
  // Beside `accepted` they say little; they are for who plans disks.
  'quittance_receipt_body_bytes_total',
  'quittance_kafka_records_published_total',
  // Housekeeping; of reloads there is an alert.
  'quittance_certificate_reloads_total',
  'quittance_configuration_reloads_total',
  'quittance_rows_deleted_total',
  'quittance_unread_spool_reports_total',
  // Rare, and each an alert or a sentence in the runbooks.
  'quittance_spool_unread_receipts_total',
  'quittance_spool_adopted_folders_total',
  'quittance_queue_messages_redelivered_total',
  'quittance_queue_messages_not_deleted_total',
  'quittance_queue_messages_not_stored_total',
  'quittance_queue_messages_unreadable_total',
  'quittance_queue_tokens_total',
  'quittance_receipts_empty_total',
  'quittance_events_projected_total',
];

/** What Prometheus itself says of the rules that it evaluates. */
const ALERTS: Metric = {
  name: 'ALERTS',
  type: 'gauge',
  help: 'Alerts that are pending or fire',
  labels: ['alertname', 'alertstate', 'severity'],
};

/** As far as it is read here. */
interface Alerts {
  readonly groups: readonly { readonly rules: readonly { readonly expr: string }[] }[];
}

/** Grafana puts durations into a query. */
function asAsked(expr: string): string {
  return expr.replaceAll(/\$__(?:rate_interval|range)/g, '1m');
}

describe('the dashboard', () => {
  const metrics = [...listedMetrics(textOf('docs/metrics.md')), ALERTS];
  const panels = ROWS.flatMap((row) => row.panels.map((panel) => ({ ...panel, row: row.title })));

  it('observability/dashboard.json is what dev/observability/rows.ts says', () => {
    const json = `${JSON.stringify(dashboard(ROWS), null, 2)}\n`;
    if (process.env.UPDATE_GOLDEN === '1') writeFileSync(join(ROOT, FILE), json);
    expect(existsSync(join(ROOT, FILE)) ? (JSON.parse(textOf(FILE)) as unknown) : null).toEqual(JSON.parse(json));
  });

  it.each(panels)('$row: $title asks for what the apps have, and names its lines', ({ queries, about }) => {
    expect(about.length).toBeGreaterThan(5);
    for (const { expr, legend } of queries) {
      expect(problemsOf(asAsked(expr), metrics)).toEqual([]);
      expect(legend).not.toBe('');
    }
  });

  it('no two panels have the same place or number', () => {
    const { panels: placed } = dashboard(ROWS) as {
      panels: readonly { id: number; gridPos: { x: number; y: number; w: number; h: number } }[];
    };
    expect(new Set(placed.map(({ id }) => id)).size).toBe(placed.length);
    const cells = placed.flatMap(({ gridPos: { x, y, w, h } }) =>
      Array.from({ length: w * h }, (_, cell) => `${x + (cell % w)}/${y + Math.floor(cell / w)}`),
    );
    expect(new Set(cells).size).toBe(cells.length);
  });

  it('leaves no hole', () => {
    const { panels: placed } = dashboard(ROWS) as {
      panels: readonly { gridPos: { y: number; w: number; h: number } }[];
    };
    const height = Math.max(...placed.map(({ gridPos: { y, h } }) => y + h));
    const covered = placed.reduce((sum, { gridPos: { w, h } }) => sum + w * h, 0);
    expect(covered).toBe(24 * height);
  });

  it.each(panels.filter(({ alarm }) => alarm !== undefined))('$title: the line is where an alert fires', (panel) => {
    const { groups } = parse(textOf('observability/alerts.yaml')) as Alerts;
    const asked = panel.queries.flatMap(({ expr }) => readQuery(asAsked(expr)).selectors);
    const rules = groups.flatMap(({ rules: ofGroup }) => ofGroup.map(({ expr }) => expr));
    const fires = rules.filter(
      (expr) => new RegExp(`> ${panel.alarm}\\b`).test(expr) && asked.some(({ metric }) => expr.includes(metric)),
    );
    expect(fires).not.toEqual([]);
  });

  it('says that nothing is known rather than that all is well, when what it asks about is gone', () => {
    const stats = panels.filter(({ kind }) => kind === 'stat').flatMap(({ queries }) => queries);
    expect(stats.map(({ expr }) => expr).filter((expr) => expr.includes('vector(0)'))).toEqual([]);
  });

  it('shows every counter and histogram of ours but those that are left out with a reason', () => {
    const queries = panels.flatMap((panel) => panel.queries.map(({ expr }) => expr)).join('\n');
    const counted = metrics.filter(
      ({ name, type }) => type !== 'gauge' && !/^quittance_(?:process|nodejs)_/.test(name),
    );
    const missing = counted.map(({ name }) => name).filter((name) => !queries.includes(name));
    expect(missing.sort()).toEqual([...NOT_SHOWN].sort());
  });
});
