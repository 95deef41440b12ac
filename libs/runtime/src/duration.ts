const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };
const DURATION = /^(\d+(?:\.\d+)?)(ms|s|m|h|d)$/;

/** What to tell somebody whose duration cannot be read. */
export const DURATION_ADVICE = 'must be a number with its unit, such as 500ms, 10s, 15m, 2h or 1d';

/**
 * A duration as people write it, in whole milliseconds: `500ms`, `1.5s`, `15m`. Null if it is none; a bare number is
 * none either, because nobody can see its unit.
 */
export function parseDuration(text: string): number | null {
  const [, number, unit] = DURATION.exec(text.trim()) ?? [];
  const factor = unit === undefined ? undefined : UNITS[unit];
  if (number === undefined || factor === undefined) return null;
  const milliseconds = Math.round(Number(number) * factor);
  return Number.isSafeInteger(milliseconds) ? milliseconds : null;
}
