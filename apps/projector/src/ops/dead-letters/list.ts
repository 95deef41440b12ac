import type { OpsContext } from '../ops-context.js';
import { conditionOf, type Selection } from './selection.js';
import { countLetters, readLetters, type StoredLetter } from './stored-letters.js';
import { byCode, sum } from './tally.js';
import { bringUpToDate } from './up-to-date.js';

/** Which letters are listed. */
export interface ListOptions {
  readonly selection: Selection;
  readonly limit: number;
  /** A letter a line, as JSON. */
  readonly json: boolean;
}

/** Lists letters, the newest first, without anything of their content; then how many of each code there are. */
export async function list(context: OpsContext, { selection, limit, json }: ListOptions): Promise<void> {
  const { topicId } = await bringUpToDate(context);
  const condition = conditionOf(selection, topicId);
  const letters = await readLetters(context.pool, condition, limit);
  for (const letter of letters) context.print(json ? JSON.stringify(publicFields(letter)) : lineOf(letter));
  if (json) return;
  const counts = new Map((await countLetters(context.pool, condition)).map(({ code, letters }) => [code, letters]));
  const all = sum(counts);
  const shown = letters.length < all ? `, ${letters.length} of them shown: --limit shows more` : '';
  context.print(`${all} dead letters${byCode(counts)}${shown}`);
}

/** A letter as JSON: nothing but what its row holds. */
export function publicFields({ partition: _partition, offset: _offset, ...letter }: StoredLetter): object {
  return letter;
}

function lineOf({ id, at, state, code, stage, source, element, detail }: StoredLetter): string {
  const which = element === null ? '' : ` element ${element}`;
  return `${id} ${at.toISOString()} ${state} ${code} ${stage} ${source ?? '-'}${which}: ${detail}`;
}
