/** What has been worked on for longest without an attempt coming to an end. */
export interface Stuck {
  readonly partition: string;
  readonly seconds: number;
}

/**
 * Since when partitions have been worked on. An attempt that fails is trouble and told as such; one that neither fails nor
 * ends, because something that it waits for says nothing, is seen by nobody but the clock.
 */
export class WorkInHand {
  readonly #since = new Map<string, number>();
  readonly #now: () => number;

  /** @param now ms */
  constructor(now: () => number = Date.now) {
    this.#now = now;
  }

  /** Work on a partition begins, or one attempt has come to its end and the next begins. */
  begin(partition: string): void {
    this.#since.set(partition, this.#now());
  }

  /** Nothing of the partition is in hand any more. */
  end(partition: string): void {
    this.#since.delete(partition);
  }

  /** The oldest attempt, if it takes longer than `limit` ms; null: none does. */
  stuck(limit: number): Stuck | null {
    const [oldest] = [...this.#since].toSorted(([, a], [, b]) => a - b);
    if (oldest === undefined) return null;
    const [partition, since] = oldest;
    const waited = this.#now() - since;
    return waited > limit ? { partition, seconds: Math.round(waited / 1_000) } : null;
  }
}
