import type { IncomingRecord } from '#kafka';
import { headerText } from '#kafka';
import type { Truth } from './truth.js';

/** A dead letter of a run. */
export interface SeenDeadLetter {
  /** What the poison of the run is marked with; null: it is none that was sent on purpose. */
  readonly mark: string | null;
  /** Why, where from: for people. */
  readonly text: string;
}

/** The dead letters of a run beside its poison. */
export interface DeadLetterComparison {
  /** Different ones: a receipt that came twice may be two. */
  readonly found: number;
  /** Poison that is none. */
  readonly missing: number;
  /** What does not agree, for people. */
  readonly wrong: readonly string[];
}

const MARK = /malformed-\d{10}-\d+/;

/** What a dead letter says, without its content. */
export function seenDeadLetter(record: IncomingRecord): SeenDeadLetter {
  const [mark] = MARK.exec(record.value?.toString('utf8') ?? '') ?? [];
  const code = headerText(record, 'dead-letter-code') ?? 'no code';
  const source = headerText(record, 'source') ?? 'no source';
  return { mark: mark ?? null, text: `${code}, from ${source}` };
}

/** Compares: each poison is a dead letter, twice only where its receipt came twice, and nothing else is one. */
export async function compareDeadLetters(
  truth: AsyncIterable<Truth>,
  seen: readonly SeenDeadLetter[],
): Promise<DeadLetterComparison> {
  const missing = new Map<string, string>();
  for await (const thing of truth) {
    if (thing.kind === 'poison') missing.set(thing.mark, `${thing.source}, by ${thing.door}`);
  }
  const marks = new Set<string>();
  const wrong: string[] = [];
  for (const { mark, text } of seen) {
    if (mark === null || (!missing.has(mark) && !marks.has(mark)))
      wrong.push(`a dead letter that is no poison: ${text}`);
    if (mark !== null) {
      marks.add(mark);
      missing.delete(mark);
    }
  }
  for (const [mark, text] of missing) wrong.push(`poison ${mark} (${text}): no dead letter`);
  return { missing: missing.size, found: marks.size + seen.filter(({ mark }) => mark === null).length, wrong };
}
