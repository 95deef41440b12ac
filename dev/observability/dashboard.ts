import type { Panel, Row } from './rows.js';

/** Grafana's grid is 24 units wide. */
const STAT = { w: 4, h: 4 };
const LINES = { w: 8, h: 8 };
const WIDTH = 24;

const DATASOURCE = { type: 'prometheus', uid: '${datasource}' };

/** A panel of Grafana's, as far as we say anything about it. */
interface GrafanaPanel {
  readonly gridPos: { readonly x: number; readonly y: number; readonly w: number; readonly h: number };
  readonly [setting: string]: unknown;
}

/**
 * The dashboard as Grafana imports or provisions it (schema version 39, Grafana 10.3 or later). Where a panel lies follows
 * from its place in the list.
 */
export function dashboard(rows: readonly Row[]): object {
  let id = 0;
  let y = 0;
  const panels = rows.flatMap(({ title, panels: inRow }): GrafanaPanel[] => {
    const head = { id: ++id, type: 'row', title, collapsed: false, panels: [], gridPos: { x: 0, y, w: WIDTH, h: 1 } };
    y += 1;
    const placed: GrafanaPanel[] = [head];
    for (const kind of ['stat', 'lines'] as const) {
      const { w, h } = kind === 'stat' ? STAT : LINES;
      const ofKind = inRow.filter((panel) => panel.kind === kind);
      const each = WIDTH / w;
      ofKind.forEach((panel, index) => {
        const gridPos = { x: (index % each) * w, y: y + Math.floor(index / each) * h, w, h };
        placed.push({ id: ++id, ...grafanaPanel(panel), gridPos });
      });
      y += Math.ceil(ofKind.length / each) * h;
    }
    return placed;
  });
  return {
    uid: 'quittance',
    title: 'Quittance',
    tags: ['quittance'],
    schemaVersion: 39,
    editable: true,
    refresh: '30s',
    time: { from: 'now-3h', to: 'now' },
    templating: { list: [{ name: 'datasource', type: 'datasource', query: 'prometheus', label: 'Prometheus' }] },
    panels,
  };
}

function grafanaPanel({ title, kind, unit, about, queries }: Panel): Readonly<Record<string, unknown>> {
  const steps = [
    { color: 'green', value: null },
    { color: 'red', value: unit === 's' ? 3_600 : 1 },
  ];
  return {
    title,
    description: about,
    type: kind === 'stat' ? 'stat' : 'timeseries',
    datasource: DATASOURCE,
    fieldConfig: {
      defaults: kind === 'stat' ? { unit, thresholds: { mode: 'absolute', steps } } : { unit, min: 0 },
      overrides: [],
    },
    targets: queries.map(({ expr, legend }, index) => ({
      refId: String.fromCharCode('A'.charCodeAt(0) + index),
      datasource: DATASOURCE,
      expr,
      legendFormat: legend,
    })),
  };
}
