import type { SyntaxNode } from '@lezer/common';
import { parser } from '@prometheus-io/lezer-promql';
import type { Metric } from './metric.js';

/** A metric that a query asks for. */
export interface Selector {
  readonly metric: string;
  readonly labels: readonly string[];
}

/** What a query asks for, as far as the registries can contradict it. */
export interface Query {
  /** Where the grammar of PromQL does not see a query. */
  readonly errors: readonly string[];
  readonly selectors: readonly Selector[];
  /** By which labels it groups or matches. */
  readonly groupings: readonly string[];
}

/** Labels that whoever scrapes adds. */
const OF_TARGETS = ['job', 'instance'];

/** Parses a query. */
export function readQuery(text: string): Query {
  const [errors, selectors, groupings]: [string[], Selector[], string[]] = [[], [], []];
  const textOf = ({ from, to }: SyntaxNode): string => text.slice(from, to);
  parser.parse(text).iterate({
    enter: ({ node, name }) => {
      if (node.type.isError) errors.push(text.slice(Math.max(0, node.from - 20), node.to + 20));
      if (name === 'GroupingLabels') groupings.push(...node.getChildren('LabelName').map(textOf));
      if (name === 'VectorSelector') {
        const metric = node.getChild('Identifier');
        const matchers = node.getChild('LabelMatchers')?.getChildren('UnquotedLabelMatcher') ?? [];
        const labels = matchers.map((matcher) => textOf(matcher.getChild('LabelName')!));
        selectors.push({ metric: metric === null ? '' : textOf(metric), labels });
      }
    },
  });
  return { errors, selectors, groupings };
}

/** What is wrong with a query, given the metrics that there are. */
export function problemsOf(text: string, metrics: readonly Metric[]): readonly string[] {
  const { errors, selectors, groupings } = readQuery(text);
  const labelsOf = selectors.map(({ metric }) => seriesLabels(metric, metrics));
  const known = new Set([...OF_TARGETS, ...labelsOf.flatMap((labels) => labels ?? [])]);
  return [
    ...errors.map((error) => `not PromQL near: ${error}`),
    ...(selectors.length === 0 ? ['asks for no metric'] : []),
    ...selectors.flatMap(({ metric, labels }, index) => {
      const there = labelsOf[index];
      if (there === undefined) return [`no metric ${metric}`];
      return labels
        .filter((label) => ![...OF_TARGETS, ...there].includes(label))
        .map((label) => `${metric} has no ${label}`);
    }),
    ...groupings.filter((label) => !known.has(label)).map((label) => `groups by ${label}, which nothing has`),
  ];
}

/** The labels of a series; undefined: no metric makes it. */
function seriesLabels(series: string, metrics: readonly Metric[]): readonly string[] | undefined {
  const found = metrics.find(({ name, type }) => name === series && type !== 'histogram' && type !== 'summary');
  if (found !== undefined) return found.labels;
  const [, base, part] = /^(.+)_(bucket|sum|count)$/.exec(series) ?? [];
  const histogram = metrics.find(({ name, type }) => name === base && type === 'histogram');
  return histogram && [...histogram.labels, ...(part === 'bucket' ? ['le'] : [])];
}
