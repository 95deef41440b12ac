import { describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { withRunbooks } from '../../dev/observability/alert-rules.js';
import { textOf } from '../architecture/source-tree.js';
import { listedMetrics } from './metrics-page.js';
import { problemsOf } from './promql.js';

interface Rule {
  readonly alert: string;
  readonly expr: string;
  readonly for?: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
}

interface RuleFile {
  readonly groups: readonly { readonly rules: readonly Rule[] }[];
}

const RULES = (parse(textOf('observability/alerts.yaml')) as RuleFile).groups.flatMap(({ rules }) => rules);

/** The sections of the runbook, by heading. */
function runbooks(): ReadonlyMap<string, string> {
  const sections = textOf('docs/runbooks.md').split(/^## /m).slice(1);
  return new Map(sections.map((section) => [section.slice(0, section.indexOf('\n')), section]));
}

/** What somebody wants to know who has been woken. */
const QUESTIONS = ['**Means.**', '**Look.**', '**Do.**', '**Wake.**'];

describe('alerts', () => {
  const metrics = listedMetrics(textOf('docs/metrics.md'));

  it('ask for what the apps have', () => {
    const problems = RULES.flatMap(({ alert, expr }) =>
      problemsOf(expr, metrics).map((problem) => `${alert}: ${problem}`),
    );
    expect(problems).toEqual([]);
  });

  it.each(RULES)('$alert wakes somebody or does not, says what is the matter, and leads to its runbook', (rule) => {
    expect(rule.alert).toMatch(/^Quittance[A-Z][A-Za-z]+$/);
    expect(['page', 'ticket']).toContain(rule.labels.severity);
    expect(rule.annotations.summary).toMatch(/^\S.{10,}$/);
    expect(rule.annotations.runbook).toBe(`docs/runbooks.md#${rule.alert.toLowerCase()}`);
    const section = runbooks().get(rule.alert) ?? '';
    expect(QUESTIONS.filter((question) => !section.includes(question))).toEqual([]);
  });

  it('have a link each, once somebody says where the runbooks can be read', () => {
    const base = 'https://git.example.com/$&/runbooks.md';
    const linked = (parse(withRunbooks(textOf('observability/alerts.yaml'), base)) as RuleFile).groups;
    expect(linked.flatMap(({ rules }) => rules)).toEqual(
      RULES.map((rule) => {
        const { runbook, ...annotations } = rule.annotations;
        return {
          ...rule,
          annotations: { ...annotations, runbook_url: base + runbook!.replace('docs/runbooks.md', '') },
        };
      }),
    );
  });

  it('have a runbook each, which are about nothing else', () => {
    const alerts = [...runbooks().keys()].filter((heading) => heading.startsWith('Quittance'));
    expect(alerts).toEqual(RULES.map(({ alert }) => alert));
  });

  it('are each shown to fire', () => {
    const tests = textOf('observability/alerts.test.yaml');
    const shown = RULES.filter(
      ({ alert }) => tests.includes(`alertname="${alert}"}'`) || tests.includes(`alertname: ${alert}\n`),
    );
    expect(RULES.map(({ alert }) => alert).filter((name) => !shown.some(({ alert }) => alert === name))).toEqual([]);
  });

  it('ask the runbook only for metrics that there are', () => {
    const named = textOf('docs/runbooks.md').matchAll(/\bquittance_[a-z_]+[a-z]\b/g);
    const known = new Set(metrics.flatMap(({ name }) => [name, `${name}_bucket`]));
    expect([...new Set([...named].map(([name]) => name))].filter((name) => !known.has(name))).toEqual([]);
  });
});
