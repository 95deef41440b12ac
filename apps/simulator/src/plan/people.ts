import { mainlandE164 } from './made-up-numbers.js';
import type { Part } from './part.js';
import type { Random } from './random.js';

/** People of mainland China whom messages went to, as E.164 writes them: it is they who reply. */
export function recipientsOf({ truth }: Part): readonly string[] {
  return truth.flatMap((thing) =>
    thing.kind === 'message' && thing.recipient?.startsWith('+86') === true ? [thing.recipient] : [],
  );
}

/** One of them; somebody else where there are none. */
export function someoneOf(random: Random, people: readonly string[]): string {
  return people.length === 0 ? mainlandE164(random.between(0, 9_999)) : random.pick(people);
}

/** The eleven digits of a number of mainland China. */
export function nationalNumber(e164: string): string {
  return e164.slice('+86'.length);
}
