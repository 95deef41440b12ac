import { inTransaction } from '../../store/transaction.js';
import { goOnUnless } from '../interruption.js';
import type { OpsContext } from '../ops-context.js';
import { insist } from '../replay.js';
import { conditionOf, type Condition, type Selection } from './selection.js';
import { changeLetters, countLetters, countSelected, lockLetters, type CodeCount } from './stored-letters.js';
import { byCode, sum } from './tally.js';
import { bringUpToDate } from './up-to-date.js';

/** Which letters are given up, by whom and why. */
export interface DiscardOptions {
  readonly selection: Selection;
  readonly by: string;
  readonly reason: string | null;
  readonly dryRun: boolean;
  readonly json: boolean;
}

/** Letters that one transaction changes at most. */
const MAX_LETTERS = 500;

/** Notes that nobody will do anything about these letters. Only open ones; their records stay as long as all do. */
export async function discard(context: OpsContext, options: DiscardOptions): Promise<void> {
  const { topicId } = await bringUpToDate(context);
  const { selection, dryRun, json } = options;
  await countSelected(context, selection, conditionOf(selection, topicId));
  const open = conditionOf({ ...selection, state: 'open' }, topicId);
  const letters = dryRun ? await countLetters(context.pool, open) : await discardAll(context, topicId, open, options);
  const verb = dryRun ? 'would be discarded' : 'discarded';
  const counts = new Map(letters.map(({ code, letters }) => [code, letters]));
  if (json) context.print(JSON.stringify({ [verb.replaceAll(' ', '-')]: Object.fromEntries(counts) }));
  else context.print(`${sum(counts)} dead letters ${verb}${byCode(counts)}`);
}

async function discardAll(
  context: OpsContext,
  topicId: string,
  open: Condition,
  { by, reason }: DiscardOptions,
): Promise<CodeCount[]> {
  const counts = new Map<string, number>();
  for (let letters = MAX_LETTERS; letters === MAX_LETTERS;) {
    goOnUnless(context.signal);
    const discarded = await insist(context.signal, () =>
      inTransaction(context.pool, async (client) => {
        const locked = await lockLetters(client, open, MAX_LETTERS);
        await changeLetters(client, topicId, locked, { state: 'discarded', by, forced: false, reason });
        return locked;
      }),
    );
    for (const { code } of discarded) counts.set(code, (counts.get(code) ?? 0) + 1);
    letters = discarded.length;
  }
  return [...counts].map(([code, letters]) => ({ code, letters }));
}
