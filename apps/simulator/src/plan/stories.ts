import type { SourceId } from '../callbacks.js';
import { oneDoorOf, queued } from './facts.js';
import type { Placed, PlannedReceipt, RunContext } from './part.js';

/** What is told about one thing, one element after the other. Not empty. */
export type Story<E> = readonly E[];

/**
 * Tells stories of facts that carry no time and no id, so that their order is the truth, and the same fact through two
 * doors would be two. Some stories are pushed: their first elements together, then their second ones, and so on, in one
 * thread. The others go through the queue, one element after the other.
 * @param name of the threads; different for every call of a run
 * @param largest most stories, and so elements, of one body
 */
export function tellStories<E extends object>(
  context: RunContext,
  stories: readonly Story<E>[],
  { source, name, largest }: { readonly source: SourceId; readonly name: string; readonly largest: number },
): Placed<PlannedReceipt>[] {
  const { random } = context;
  const receipts: Placed<PlannedReceipt>[] = [];
  for (let from = 0; from < stories.length;) {
    const group = stories.slice(from, from + random.between(1, largest));
    const thread = `${name} ${from}`;
    from += group.length;
    const door = oneDoorOf(context, source);
    const chapters = Math.max(...group.map(({ length }) => length));
    const begin = random.fraction() * 0.3;
    for (let chapter = 0; chapter < chapters; chapter += 1) {
      const elements = group.flatMap((story) => story.slice(chapter, chapter + 1));
      const at = begin + (0.7 * chapter) / chapters;
      if (door === 'push') receipts.push({ at, what: { door, source, thread, body: JSON.stringify(elements) } });
      else {
        for (const push of elements) {
          receipts.push({ at, what: queued(context, source, { at, push, says: null }, thread) });
        }
      }
    }
  }
  return receipts;
}
