import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { dashboard } from '../../dev/observability/dashboard.js';
import { ROWS } from '../../dev/observability/rows.js';
import { ROOT, textOf } from '../architecture/source-tree.js';
import { listedMetrics } from './metrics-page.js';
import { problemsOf } from './promql.js';

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

describe('the dashboard', () => {
  const metrics = listedMetrics(textOf('docs/metrics.md'));
  const panels = ROWS.flatMap((row) => row.panels.map((panel) => ({ ...panel, row: row.title })));

  it('observability/dashboard.json is what dev/observability/rows.ts says', () => {
    const json = `${JSON.stringify(dashboard(ROWS), null, 2)}\n`;
    if (process.env.UPDATE_GOLDEN === '1') writeFileSync(join(ROOT, FILE), json);
    expect(existsSync(join(ROOT, FILE)) ? (JSON.parse(textOf(FILE)) as unknown) : null).toEqual(JSON.parse(json));
  });

  it.each(panels)('$row: $title asks for what the apps have, and names its lines', ({ queries, about }) => {
    expect(about.length).toBeGreaterThan(5);
    for (const { expr, legend } of queries) {
      // Grafana puts a duration there.
      expect(problemsOf(expr.replaceAll('$__rate_interval', '1m'), metrics)).toEqual([]);
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

  it('shows every counter and histogram of ours but those that are left out with a reason', () => {
    const queries = panels.flatMap((panel) => panel.queries.map(({ expr }) => expr)).join('\n');
    const counted = metrics.filter(
      ({ name, type }) => type !== 'gauge' && !/^quittance_(?:process|nodejs)_/.test(name),
    );
    const missing = counted.map(({ name }) => name).filter((name) => !queries.includes(name));
    expect(missing.sort()).toEqual([...NOT_SHOWN].sort());
  });
});
