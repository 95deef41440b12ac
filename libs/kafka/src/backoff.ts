import { setTimeout as sleep } from 'node:timers/promises';

/** How long to wait between attempts: doubling from `first` to `most`, each with a random part so that not all come at once. */
export interface Backoff {
  /** ms before the second attempt */
  readonly first: number;
  /** ms at most */
  readonly most: number;
}

/** 100 ms, 200 ms, ... 5 s: what the stages use while Kafka or Postgres is away. */
export const DEFAULT_BACKOFF: Backoff = { first: 100, most: 5_000 };

/** The wait before attempt number `attempt` (the first retry is 1), in ms: between half and the whole of the step. */
export function backoffDelay(backoff: Backoff, attempt: number): number {
  const step = Math.min(backoff.most, backoff.first * 2 ** Math.min(attempt - 1, 30));
  return step / 2 + (Math.random() * step) / 2;
}

/** Waits, or returns early when `signal` is aborted. Never throws. */
export async function pause(ms: number, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  await sleep(ms, undefined, { signal, ref: true }).catch(() => undefined);
}
