/** Something that must be over by a moment. */
export interface Due {
  /** `performance.now()` milliseconds. */
  readonly dueAt: number;
}

/** How often deadlines are looked at, ms. What would pass before the next look ends now: early, never late. */
const SWEEP_INTERVAL = 20;

/**
 * One timer for all deadlines. A timer for each request would cost more than the rest of its bookkeeping together.
 * What has the same time allowed comes due in the order in which it came, so only the oldest of each are looked at.
 */
export class Deadlines<T extends Due> {
  /** By the time allowed; sets keep the order of arrival. */
  readonly #waiting = new Map<number, Set<T>>();
  readonly #timer: NodeJS.Timeout;

  /** @param overdue called once for each that was not removed in time */
  constructor(private readonly overdue: (item: T) => void) {
    this.#timer = setInterval(() => {
      this.sweep(performance.now() + SWEEP_INTERVAL);
    }, SWEEP_INTERVAL);
    this.#timer.unref();
  }

  get size(): number {
    let size = 0;
    for (const items of this.#waiting.values()) size += items.size;
    return size;
  }

  /** @param allowed milliseconds; few different values, and the same for everything that has as long */
  add(item: T, allowed: number): void {
    let items = this.#waiting.get(allowed);
    if (items === undefined) this.#waiting.set(allowed, (items = new Set()));
    items.add(item);
  }

  /** It is over. False if it had been already. */
  remove(item: T, allowed: number): boolean {
    return this.#waiting.get(allowed)?.delete(item) ?? false;
  }

  /** Ends what is due by a moment (`performance.now()` milliseconds). */
  sweep(moment: number): void {
    for (const items of this.#waiting.values()) {
      for (const item of items) {
        if (item.dueAt > moment) break;
        items.delete(item);
        this.overdue(item);
      }
    }
  }

  stop(): void {
    clearInterval(this.#timer);
  }
}
