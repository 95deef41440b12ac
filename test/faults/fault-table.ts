import { count } from '../../dev/console.js';
import type { FaultResult } from './fault.js';
import type { Load } from './run-fault.js';

const COLUMNS = ['fault', 'load/s', 'accepted', 'lost', 'wrong', 'repeated', 'longest pause', 'recovered in'] as const;

/** Results as a table for people; what is wrong stands below it. */
export function faultTable(results: readonly FaultResult[], { rate }: Load): string {
  const rows = results.map(({ fault, accepted, lost, wrong, repeated, pause, recovery }) => [
    fault.name,
    count(rate),
    count(accepted),
    count(lost),
    count(wrong.length),
    count(repeated),
    seconds(pause),
    seconds(recovery),
  ]);
  const widths = COLUMNS.map((name, at) => Math.max(name.length, ...rows.map((row) => row[at]!.length)));
  const line = (cells: readonly string[]): string =>
    cells.map((cell, at) => (at === 0 ? cell.padEnd(widths[at]!) : cell.padStart(widths[at]!))).join('   ');
  const found = results.flatMap(({ fault, wrong }) => wrong.map((text) => `${fault.name}: ${text}`));
  const verdict =
    found.length === 0
      ? `${count(results.reduce((sum, { accepted }) => sum + accepted, 0))} receipts accepted, none lost.`
      : found.join('\n');
  return [line(COLUMNS), ...rows.map(line), '', verdict].join('\n');
}

function seconds(value: number): string {
  return Number.isNaN(value) ? '—' : `${value.toFixed(1)} s`;
}
