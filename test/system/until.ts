import { setTimeout as sleep } from 'node:timers/promises';

/** Waits until something holds. The limit is generous: it is there to end a hopeless wait, not to measure. */
export async function until(
  what: string,
  holds: () => Promise<boolean> | boolean,
  { limit = 60_000, every = 50 }: { limit?: number; every?: number } = {},
): Promise<void> {
  const deadline = Date.now() + limit;
  while (!(await holds())) {
    if (Date.now() > deadline) throw new Error(`waited ${limit} ms in vain until ${what}`);
    await sleep(every);
  }
}
