import type { SourceId } from '../callbacks.js';
import type { Placed, PlannedPush } from './part.js';
import type { Random } from './random.js';

/** What is told about one thing, one element after the other. Not empty. */
export type Story<E> = readonly E[];

/**
 * Pushes the first elements of some stories together, then their second elements, and so on, in one thread.
 * @param name of the threads; different for every call of a run
 * @param largest most stories, and so elements, of one body
 */
export function tellStories<E>(
  random: Random,
  stories: readonly Story<E>[],
  { source, name, largest }: { readonly source: SourceId; readonly name: string; readonly largest: number },
): Placed<PlannedPush>[] {
  const pushes: Placed<PlannedPush>[] = [];
  for (let from = 0; from < stories.length;) {
    const group = stories.slice(from, from + random.between(1, largest));
    const thread = `${name} ${from}`;
    from += group.length;
    const chapters = Math.max(...group.map(({ length }) => length));
    const begin = random.fraction() * 0.3;
    for (let chapter = 0; chapter < chapters; chapter += 1) {
      const elements = group.flatMap((story) => story.slice(chapter, chapter + 1));
      const at = begin + (0.7 * chapter) / chapters;
      pushes.push({ at, what: { source, thread, body: JSON.stringify(elements) } });
    }
  }
  return pushes;
}
