import type { Panel, Query, Row } from './panel.js';

/** Grafana's grid is 24 units wide. */
const WIDTH = 24;
const SIZE = { stat: { w: 4, h: 4 }, lines: { w: 8, h: 8 }, many: { w: 12, h: 8 } };

const DATASOURCE = { type: 'prometheus', uid: '${datasource}' };

interface Place {
  readonly x: number;
  readonly y: number;
  readonly w: number;
  readonly h: number;
}

/** A panel of Grafana's, as far as we say anything about it. */
interface GrafanaPanel {
  readonly gridPos: Place;
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
    const places = placesOf(inRow, y + 1);
    y = Math.max(...places.map((place) => place.y + place.h));
    return [head, ...inRow.map((panel, index) => ({ id: ++id, ...grafanaPanel(panel), gridPos: places[index]! }))];
  });
  return {
    uid: 'quittance',
    title: 'Quittance',
    tags: ['quittance'],
    schemaVersion: 39,
    editable: true,
    refresh: '30s',
    time: { from: 'now-3h', to: 'now' },
    // Two panels that are compared are looked at together: a line at the pointer in all of them.
    graphTooltip: 1,
    templating: { list: [{ name: 'datasource', type: 'datasource', query: 'prometheus', label: 'Prometheus' }] },
    panels,
  };
}

/** Places of panels, from left to right and line by line. What is left of a line is shared by its panels. */
function placesOf(panels: readonly Panel[], top: number): readonly Place[] {
  const lines: Panel[][] = [];
  let left = 0;
  for (const panel of panels) {
    const { w } = SIZE[panel.kind];
    if (w > left) {
      lines.push([]);
      left = WIDTH;
    }
    lines.at(-1)!.push(panel);
    left -= w;
  }
  let y = top;
  return lines.flatMap((line) => {
    const sizes = line.map(({ kind }) => SIZE[kind]);
    const spare = (WIDTH - sizes.reduce((sum, { w }) => sum + w, 0)) / line.length;
    let x = 0;
    const places = sizes.map(({ w, h }, index) => {
      const place = { x, y, w: index === sizes.length - 1 ? WIDTH - x : w + Math.floor(spare), h };
      x += place.w;
      return place;
    });
    y += Math.max(...sizes.map(({ h }) => h));
    return places;
  });
}

function grafanaPanel(panel: Panel): Readonly<Record<string, unknown>> {
  const { title, kind, about, queries } = panel;
  return {
    title,
    description: about,
    type: kind === 'stat' ? 'stat' : 'timeseries',
    datasource: DATASOURCE,
    fieldConfig: { defaults: kind === 'stat' ? statDefaults(panel) : linesDefaults(panel), overrides: [] },
    options: kind === 'stat' ? STAT_OPTIONS : linesOptions(kind),
    targets: queries.map((query, index) => target(query, index, kind)),
  };
}

// Asked for now and not over time: the last value of something that has died would go on standing there, in green.
const STAT_OPTIONS = { graphMode: 'none', reduceOptions: { calcs: ['lastNotNull'] } };

function statDefaults({ unit }: Panel): object {
  const steps = [
    { color: 'green', value: null },
    { color: 'red', value: unit === 's' ? 3_600 : 1 },
  ];
  // Rates make fractions of what is counted in ones.
  return { unit, decimals: 0, thresholds: { mode: 'absolute', steps } };
}

function linesOptions(kind: 'lines' | 'many'): object {
  return {
    tooltip: { mode: 'multi', sort: 'desc' },
    legend:
      kind === 'lines'
        ? { displayMode: 'list', placement: 'bottom', showLegend: true, calcs: [] }
        : {
            displayMode: 'table',
            placement: 'right',
            showLegend: true,
            calcs: ['lastNotNull'],
            sortBy: 'Last *',
            sortDesc: true,
          },
  };
}

function linesDefaults({ kind, unit, alarm, isMostlyZero, whenEmpty }: Panel): object {
  return {
    unit,
    min: 0,
    ...(whenEmpty === undefined ? {} : { noValue: whenEmpty }),
    custom: {
      fillOpacity: kind === 'many' ? 0 : 8,
      ...(isMostlyZero ? { axisSoftMax: 1 } : {}),
      ...(alarm === undefined ? {} : { thresholdsStyle: { mode: 'dashed' } }),
    },
    ...(alarm === undefined
      ? {}
      : {
          thresholds: {
            mode: 'absolute',
            steps: [
              { color: 'transparent', value: null },
              { color: 'red', value: alarm },
            ],
          },
        }),
  };
}

function target({ expr, legend }: Query, index: number, kind: Panel['kind']): object {
  return {
    refId: String.fromCharCode('A'.charCodeAt(0) + index),
    datasource: DATASOURCE,
    expr,
    legendFormat: legend,
    ...(kind === 'stat' ? { instant: true, range: false } : {}),
  };
}
