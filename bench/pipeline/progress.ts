import { setTimeout as delay } from 'node:timers/promises';

/** How work went from the moment that its first output was seen until the last was. */
export interface Progress<S> {
  /** How much was done in between: what the first look found had been done before. */
  readonly done: number;
  readonly seconds: number;
  /** From the beginning to the first output: start-up. */
  readonly startSeconds: number;
  /** How much there was in the end. */
  readonly total: number;
  readonly atFirst: S;
  readonly atLast: S;
}

/** Between two looks, ms. The end is seen late by this at most. */
const INTERVAL = 50;
/** Without any progress for this long, ms, nothing more is to be expected. */
const STANDSTILL = 20_000;

/**
 * Watches a count grow up to `wanted`.
 * @param snapshot taken together with the first and the last look; the readings of CPU clocks
 * @throws Error when it stands still below `wanted`
 */
export async function watch<S>(count: () => Promise<number>, wanted: number, snapshot: () => S): Promise<Progress<S>> {
  const begunAt = performance.now();
  let first: { readonly count: number; readonly at: number; readonly snapshot: S } | null = null;
  let last = 0;
  let lastAt = begunAt;
  for (;;) {
    const now = await count();
    const at = performance.now();
    if (now > last) lastAt = at;
    last = now;
    if (now > 0) first ??= { count: now, at, snapshot: snapshot() };
    if (first !== null && now >= wanted) {
      return {
        done: now - first.count,
        seconds: (at - first.at) / 1_000,
        startSeconds: (first.at - begunAt) / 1_000,
        total: now,
        atFirst: first.snapshot,
        atLast: snapshot(),
      };
    }
    if (at - lastAt > STANDSTILL) throw new Error(`stands still at ${now} of ${wanted}`);
    await delay(INTERVAL);
  }
}
