import { stringify } from 'yaml';

/** Where an alert of the repository says that its runbook is. */
const IN_THE_REPOSITORY = /^( +)runbook: docs\/runbooks\.md(#\S+)$/gm;

/**
 * The rules with a link to each runbook, as dashboards and pagers follow it: the annotation `runbook_url`.
 * @param rules text of observability/alerts.yaml
 * @param base address of docs/runbooks.md, as people here read it
 */
export function withRunbooks(rules: string, base: string): string {
  return rules.replaceAll(
    IN_THE_REPOSITORY,
    (_line, indent: string, anchor: string) => `${indent}runbook_url: ${base}${anchor}`,
  );
}

/**
 * The same groups, as the Prometheus operator wants them.
 * @param rules text of a rule file of Prometheus
 */
export function prometheusRule(rules: string): string {
  const head = stringify({
    apiVersion: 'monitoring.coreos.com/v1',
    kind: 'PrometheusRule',
    metadata: { name: 'quittance', labels: { 'app.kubernetes.io/name': 'quittance' } },
  });
  const groups = rules.slice(rules.search(/^groups:/m)).replace(/^(?=.)/gm, '  ');
  return `${head}spec:\n${groups}`;
}
