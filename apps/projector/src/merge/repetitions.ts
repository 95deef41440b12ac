import { canonicalJson } from '#contracts';
import type { Fact } from './fact-set.js';

interface Observed {
  readonly occurredAt: string;
  readonly occurredAtFrom: 'provider' | 'observed';
}

/** How long after a notice an equal one is the same notice pushed again: the retries of all providers end well before. ms */
const REPEATED_WITHIN = 30 * 60 * 1000;

/**
 * Facts in the order in which they happened, without those that only repeat the one before.
 *
 * A notice without time and id of its own is known by its content and by when it was observed. Pushed again it is
 * another fact; it is a repetition if it says the same, at most 30 minutes passed, and nothing different stands between.
 * So `paused, resumed, paused` ends paused, however quickly.
 */
export function withoutRepetitions<D extends Observed>(facts: readonly Fact<D>[]): readonly Fact<D>[] {
  const kept: Fact<D>[] = [];
  for (const fact of [...facts].sort(inOrder)) {
    const before = kept.at(-1);
    if (!before || !repeats(fact, before)) kept.push(fact);
  }
  return kept;
}

/** By time, then by id: a total order. */
function inOrder<D extends Observed>(a: Fact<D>, b: Fact<D>): number {
  if (a.data.occurredAt !== b.data.occurredAt) return a.data.occurredAt < b.data.occurredAt ? -1 : 1;
  return a.id < b.id ? -1 : 1;
}

function repeats<D extends Observed>({ data }: Fact<D>, { data: before }: Fact<D>): boolean {
  return (
    data.occurredAtFrom === 'observed' &&
    before.occurredAtFrom === 'observed' &&
    Date.parse(data.occurredAt) - Date.parse(before.occurredAt) <= REPEATED_WITHIN &&
    canonicalJson({ ...data, occurredAt: null }) === canonicalJson({ ...before, occurredAt: null })
  );
}
