import { count } from './console.js';
import type { FinishedRun } from './demo-run.js';
import type { Tally } from './run-outcome.js';
import { quantile } from './run-outcome.js';

/** The closing table of a run, as text. */
export function summarise({ run, outcome, missing }: FinishedRun): string {
  const { progress, expected } = run;
  const rows: [string, string][] = [
    ['receipts pushed', `${count(progress.planned)} (${count(run.rate)}/s, seed ${run.seed})`],
    [
      'receipts accepted',
      `${count(progress.accepted)}${progress.retried > 0 ? `, ${count(progress.retried)} pushed again` : ''}`,
    ],
    ['', ''],
    ...[...outcome.eventsByType]
      .sort()
      .map(([type, tally]): [string, string] => [
        type.replace('io.quittance.', 'event '),
        tallyText(tally, 'different'),
      ]),
    ['', ''],
    ['rows in message', `${count(outcome.rows.message)}, ${count(outcome.rowsByStatus.delivered)} delivered`],
    ['rows in mobile_originated', count(outcome.rows.mobileOriginated)],
    ['rows in review', `${count(outcome.rows.review)}, ${count(outcome.rowsByStatus.approved)} approved`],
    ['', ''],
    ...Object.entries(outcome.subscriberEvents).map(([topic, tally]): [string, string] => [
      `subscriber topic ${topic}`,
      tallyText(tally, topic.startsWith('mobile') ? 'replies' : topic.startsWith('review') ? 'reviews' : 'messages'),
    ]),
    ['dead letters', `${count(outcome.deadLetters.distinct)} (${count(expected.malformed)} malformed on purpose)`],
    ['push to subscriber topic', latencyText(outcome.latencies)],
  ];
  const width = Math.max(...rows.map(([name]) => name.length));
  const table = rows.map(([name, value]) => (name === '' ? '' : `  ${name.padEnd(width)}   ${value}`));
  const verdict =
    missing.length === 0
      ? ['Everything that was sent is where it belongs.']
      : ['NOT everything is where it belongs:', ...missing.map((text) => `  ${text}`)];
  return ['', ...table, '', ...verdict].join('\n');
}

function tallyText({ records, distinct }: Tally, what: string): string {
  return records === distinct ? count(records) : `${count(records)}, of ${count(distinct)} ${what}`;
}

function latencyText(latencies: readonly number[]): string {
  const p50 = quantile(latencies, 0.5);
  const p99 = quantile(latencies, 0.99);
  return p50 === null || p99 === null ? 'nothing arrived' : `p50 ${count(p50)} ms, p99 ${count(p99)} ms`;
}
