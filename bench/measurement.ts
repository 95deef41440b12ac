/** One result. It goes out as one line of JSON. */
export interface Measurement {
  readonly measure: string;
  /** What tells it from others of the same name: `one per body`, `open loop`. */
  readonly variant: string;
  readonly repetition: number;
  /** Names say the unit: `req_s`, `p99_ms`, `cpu_s_per_million`. */
  readonly values: Readonly<Record<string, number>>;
  /** What must be right for the values to mean something and is not; empty: all is well. */
  readonly problems: readonly string[];
}

/** One line of JSON. */
export function jsonLine({ values, ...rest }: Measurement): string {
  return JSON.stringify({ ...rest, ...values });
}

/** A table of all measurements, one row for each kind: median, and where there are several lowest and highest. */
export function table(measurements: readonly Measurement[]): string {
  const kinds = Map.groupBy(measurements, ({ measure, variant }) => `${measure}, ${variant}`);
  const lines: string[] = [];
  for (const [kind, all] of kinds) {
    lines.push('', kind);
    const names = new Set(all.flatMap(({ values }) => Object.keys(values)));
    for (const name of names)
      lines.push(`  ${name.padEnd(32)} ${spread(all.flatMap(({ values }) => values[name] ?? []))}`);
    for (const problem of new Set(all.flatMap(({ problems }) => problems))) lines.push(`  NOT VALID: ${problem}`);
  }
  return lines.join('\n');
}

/** `median (lowest..highest)`; a single value alone. Of an even number of values the upper of the two in the middle. */
export function spread(values: readonly number[]): string {
  const sorted = values.toSorted((a, b) => a - b);
  const [lowest = 0] = sorted;
  const median = sorted[sorted.length >> 1] ?? 0;
  if (sorted.length < 2) return show(median);
  return `${show(median)} (${show(lowest)}..${show(sorted.at(-1) ?? 0)})`;
}

/** Rounded to what can be repeated: whole numbers from 100 up, else two digits after the point. */
export function rounded(value: number): number {
  return Math.abs(value) >= 100 ? Math.round(value) : Math.round(value * 100) / 100;
}

function show(value: number): string {
  return rounded(value).toLocaleString('en-US');
}
