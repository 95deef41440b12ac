import type { RowsByStatus } from './compare-rows.js';
import { total } from './compare-rows.js';
import { count } from './console.js';
import type { FinishedRun } from './demo-run.js';
import type { Tally } from './run-outcome.js';
import { quantile } from './run-outcome.js';
import type { ByReceipt } from './run-verdict.js';

/** What the events of a subscriber topic are about. */
const ABOUT: Readonly<Record<string, string>> = {
  'message-status.v1': 'messages',
  'mobile-originated.v1': 'replies',
  'review-status.v1': 'reviews',
  'account-status.v1': 'numbers, accounts and persons',
};

/** Receipt types on one line of a provider. */
const TYPES_PER_LINE = 4;

/** The closing table of a run, as text. */
export function summarise({ run, outcome, missing }: FinishedRun): string {
  const { push, queue } = run.progress;
  const rows: [string, string][] = [
    ['receipts', `${count(push.planned + queue.planned)} (${count(run.rate)}/s, seed ${run.seed})`],
    [
      '  pushed and accepted',
      `${count(push.accepted)}${push.retried > 0 ? `, ${count(push.retried)} pushed again` : ''}`,
    ],
    ...receiptLines(run.acceptedByReceipt),
    ['  taken from queues', count(queue.consumed)],
    ...receiptLines(run.consumedByReceipt),
    ['', ''],
    ...[...outcome.eventsByType]
      .sort()
      .map(([type, tally]): [string, string] => [
        type.replace('io.quittance.', 'event '),
        tallyText(tally, 'different'),
      ]),
    ['', ''],
    ['rows that are true', count(outcome.rows.right)],
    ['rows in message', rowsText(outcome.rows.message)],
    ['rows in mobile_originated', count(outcome.rows.mobileOriginated)],
    ['rows in review', rowsText(outcome.rows.review)],
    ['rows in account_status', count(outcome.rows.accountStatus)],
    ['', ''],
    ...Object.entries(outcome.subscriberEvents).map(([topic, tally]): [string, string] => [
      `subscriber topic ${topic}`,
      tallyText(tally, ABOUT[topic] ?? 'things'),
    ]),
    ['dead letters', `${count(outcome.deadLetters.found)}, all of what was sent unreadable on purpose`],
    ['receipt to subscriber topic', latencyText(outcome.latencies)],
  ];
  const width = Math.max(...rows.map(([name]) => name.length));
  const table = rows.map(([name, value]) => (name === '' ? '' : `  ${name.padEnd(width)}   ${value}`));
  const verdict =
    missing.length === 0
      ? [`Everything that was sent is where it belongs: ${count(outcome.rows.right)} rows compared, all of them true.`]
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

/** `1,900: 1,700 delivered, 200 failed`, the most frequent first. */
function rowsText(rows: RowsByStatus): string {
  const statuses = Object.entries(rows).sort(([, a], [, b]) => b - a);
  return `${count(total(rows))}: ${statuses.map(([status, number]) => `${count(number)} ${status}`).join(', ')}`;
}

function receiptLines(receipts: ByReceipt): [string, string][] {
  return Object.entries(receipts).flatMap(([provider, types]) => providerLines(provider, types));
}

function providerLines(provider: string, receipts: Readonly<Record<string, number>>): [string, string][] {
  const types = Object.entries(receipts)
    .filter(([, number]) => number > 0)
    .map(([type, number]) => `${type} ${count(number)}`);
  const lines: [string, string][] = [];
  for (let from = 0; from < types.length; from += TYPES_PER_LINE) {
    lines.push([from === 0 ? `    of ${provider}` : ' ', types.slice(from, from + TYPES_PER_LINE).join(', ')]);
  }
  return lines;
}
