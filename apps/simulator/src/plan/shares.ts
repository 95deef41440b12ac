/**
 * Cuts a whole into parts by weight. Each is the exact share rounded down or up, and together they are the whole; what is
 * left by rounding goes to those that lost most.
 */
export function shareOut<N extends string>(
  whole: number,
  weights: Readonly<Record<N, number>>,
): Readonly<Record<N, number>> {
  const names = Object.keys(weights) as N[];
  const total = names.reduce((sum, name) => sum + weights[name], 0);
  const exact = new Map(names.map((name) => [name, (whole * weights[name]) / total]));
  const parts = new Map(names.map((name) => [name, Math.floor(exact.get(name)!)]));
  const lost = (name: N): number => exact.get(name)! - parts.get(name)!;
  const left = whole - [...parts.values()].reduce((sum, count) => sum + count, 0);
  for (const name of names.toSorted((a, b) => lost(b) - lost(a)).slice(0, left)) parts.set(name, parts.get(name)! + 1);
  return Object.fromEntries(parts) as Record<N, number>;
}
