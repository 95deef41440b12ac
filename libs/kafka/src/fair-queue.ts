/**
 * A queue of several lines. Whoever takes from it gets one of each line in turn, so how long something waits depends on
 * its own line and on how many lines there are, not on how long the others are. Within a line the order is kept.
 */
export class FairQueue<T> {
  /** None of them is empty. The first is served next. */
  #lines = new Map<string, T[]>();
  #length = 0;

  get length(): number {
    return this.#length;
  }

  push(line: string, item: T): void {
    const items = this.#lines.get(line);
    if (items === undefined) this.#lines.set(line, [item]);
    else items.push(item);
    this.#length += 1;
  }

  /**
   * Takes one after the other until there is none left or `take` does not want the one in hand, which stays, and whose
   * line is the first the next time.
   */
  takeWhile(take: (item: T) => boolean): void {
    const lines = [...this.#lines].map(([name, items]) => ({ name, items, taken: 0 }));
    const first = serve(lines, take);
    for (const { taken } of lines) this.#length -= taken;
    const ordered = [...lines.slice(first), ...lines.slice(0, first)];
    this.#lines = new Map(
      ordered
        .filter(({ items, taken }) => taken < items.length)
        .map(({ name, items, taken }) => [name, items.slice(taken)]),
    );
  }

  /** Takes out all that are meant, wherever they stand. */
  remove(isMeant: (item: T) => boolean): readonly T[] {
    const removed: T[] = [];
    for (const [name, items] of this.#lines) {
      const kept = items.filter((item) => !isMeant(item));
      if (kept.length === items.length) continue;
      for (const item of items) if (isMeant(item)) removed.push(item);
      if (kept.length === 0) this.#lines.delete(name);
      else this.#lines.set(name, kept);
    }
    this.#length -= removed.length;
    return removed;
  }
}

interface Line<T> {
  readonly items: readonly T[];
  taken: number;
}

/** Serves the lines in turn until none has anything or an item is not wanted; returns whose turn it is then. */
function serve<T>(lines: readonly Line<T>[], take: (item: T) => boolean): number {
  for (let isOver = false; !isOver;) {
    isOver = true;
    for (const [index, line] of lines.entries()) {
      const item = line.items[line.taken];
      if (item === undefined) continue;
      if (!take(item)) return index;
      line.taken += 1;
      isOver = false;
    }
  }
  return 0;
}
