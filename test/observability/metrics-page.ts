import type { StageName } from '#runtime';
import { markdownTable } from '../contracts/markdown-table.js';
import { unitOf, type Metric } from './metric.js';

/** Metrics of a process that every program in Node has. */
const OF_NODE = /^quittance_(?:process|nodejs)_/;

/** What each table of the page is about, by the words of its mark. */
function tables(byStage: Readonly<Record<StageName, readonly Metric[]>>): ReadonlyMap<string, readonly Metric[]> {
  const tables = new Map<string, Metric[]>();
  const seen = new Set<string>();
  for (const metric of Object.values(byStage).flat()) {
    if (seen.has(metric.name)) continue;
    seen.add(metric.name);
    const stages = Object.entries(byStage).filter(([, metrics]) => metrics.some(({ name }) => name === metric.name));
    const table = OF_NODE.test(metric.name) ? 'node' : stages.map(([stage]) => stage).join(' ');
    tables.set(table, [...(tables.get(table) ?? []), metric]);
  }
  return tables;
}

const TABLE = /<!-- metrics: ([a-z ]+) -->[\s\S]*?<!-- end -->/g;

/**
 * The page with its tables made anew, each between its marks.
 * @throws Error if metrics have no table, or a table no metrics
 */
export function filledPage(page: string, byStage: Readonly<Record<StageName, readonly Metric[]>>): string {
  const wanted = tables(byStage);
  const marked = new Set([...page.matchAll(TABLE)].map(([, name]) => name!));
  const unmarked = [...wanted.keys()].filter((name) => !marked.has(name));
  const empty = [...marked].filter((name) => !wanted.has(name));
  if (unmarked.length + empty.length > 0)
    throw new Error(`no mark for: ${unmarked.join()}; no metric: ${empty.join()}`);
  return page.replace(TABLE, (_table, name: string) => {
    const rows = wanted
      .get(name)!
      .map((metric) => [
        `\`${metric.name}\``,
        metric.type,
        metric.labels.map((label) => `\`${label}\``).join(', '),
        unitOf(metric),
        metric.help,
      ]);
    const table = markdownTable(['metric', 'type', 'labels', 'unit', 'meaning'], rows);
    return `<!-- metrics: ${name} -->\n\n${table}\n\n<!-- end -->`;
  });
}

const ROW = /^\| `(quittance_[a-z0-9_]+)` +\| (\w+) +\| ([^|]*)\| [^|]*\| (.*?) *\|$/gm;

/** The metrics that the page lists: as the apps register them, or another test is red. */
export function listedMetrics(page: string): readonly Metric[] {
  return [...page.matchAll(ROW)].map(([, name, type, labels, help]) => ({
    name: name!,
    type: type!,
    labels: [...labels!.matchAll(/`(\w+)`/g)].map(([, label]) => label!),
    help: help!,
  }));
}
