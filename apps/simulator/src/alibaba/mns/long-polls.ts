/** Requests that wait until a queue has something for them. */
export interface LongPolls {
  /** How many wait. */
  readonly waiting: number;
  /**
   * Waits until `take` gives something, the time is over or the signal is aborted: null in both those cases. Null at once
   * when too many wait already. Who came first is served first.
   * @param ms the longest wait
   * @param take takes from the queue; is not called for a request whose client has gone
   */
  wait<T>(ms: number, take: () => T | null, client: AbortSignal): Promise<T | null>;
  /** To be called whenever something of the queue has changed. */
  wake(): void;
}

interface Poll {
  /** Whether something was taken and handed over. */
  readonly serve: () => boolean;
}

/**
 * None yet.
 * @param limit how many may wait
 * @param nextChange when the queue changes by itself, Unix ms; null: it does not
 * @param now the clock, Unix ms
 */
export function createLongPolls(limit: number, nextChange: () => number | null, now: () => number): LongPolls {
  const polls = new Set<Poll>();
  let isServing = false;
  let timer: NodeJS.Timeout | null = null;

  const serve = (): void => {
    isServing = false;
    for (const poll of polls) {
      // Who has gone is no longer among them.
      if (!poll.serve()) break;
    }
    if (timer !== null) clearTimeout(timer);
    timer = null;
    const next = polls.size === 0 ? null : nextChange();
    // At least 1 ms: a timer may fire a little early, and must not spin.
    if (next !== null) timer = setTimeout(serve, Math.min(Math.max(next - now(), 1), LONGEST_TIMER)).unref();
  };
  const wake = (): void => {
    if (polls.size === 0 || isServing) return;
    isServing = true;
    // What is sent in one go is handed over together.
    setImmediate(serve);
  };
  return {
    get waiting() {
      return polls.size;
    },
    wait<T>(ms: number, take: () => T | null, client: AbortSignal) {
      if (polls.size >= limit || client.aborted) return Promise.resolve(null);
      return new Promise<T | null>((resolve) => {
        const finish = (taken: T | null): void => {
          clearTimeout(deadline);
          client.removeEventListener('abort', giveUp);
          polls.delete(poll);
          resolve(taken);
        };
        const giveUp = (): void => {
          finish(null);
        };
        const poll: Poll = {
          serve: () => {
            const taken = take();
            if (taken !== null) finish(taken);
            return taken !== null;
          },
        };
        const deadline = setTimeout(giveUp, ms);
        client.addEventListener('abort', giveUp, { once: true });
        polls.add(poll);
        wake();
      });
    },
    wake,
  };
}

/** What setTimeout can wait, about. */
const LONGEST_TIMER = 2 ** 31 - 1;
