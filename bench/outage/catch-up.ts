import { setTimeout as delay } from 'node:timers/promises';
import type { Installation } from '../installation.js';
import type { Progress } from '../pipeline/progress.js';
import { committed } from '../pipeline/stored.js';

/** How a projector came to the end of its topic. */
export interface CatchUp<S> extends Progress<S> {
  /** Events that were not projected at the first look. */
  readonly backlog: number;
  /** The same at the last. */
  readonly left: number;
}

/** Between two looks, ms: each opens connections, on the machine that is being watched. */
const BETWEEN_LOOKS = 200;
/** Without any progress for this long, ms, nothing more is to be expected. */
const STANDSTILL = 120_000;

/**
 * Waits until the projector is at the end of the events topic, which moves meanwhile. `seconds` and `done` run from the
 * beginning, so that the projector's pause before its next attempt counts; `startSeconds` is that pause.
 * @param most events that the projector may be behind and still count as being at the end
 * @param snapshot taken at the beginning and at the end
 * @throws Error when it stands still before that
 */
export async function catchUp<S>(
  installation: Installation,
  most: number,
  snapshot: () => S,
  onLook: (behind: number) => void,
): Promise<CatchUp<S>> {
  const begunAt = performance.now();
  const atFirst = snapshot();
  const first = await lookAt(installation);
  let startSeconds: number | null = null;
  let [last, lastAt] = [first.projected, begunAt];
  for (;;) {
    const { projected, behind } = await lookAt(installation);
    const at = performance.now();
    onLook(behind);
    if (projected > last) {
      startSeconds ??= (at - begunAt) / 1_000;
      [last, lastAt] = [projected, at];
    }
    // As long as nothing has been projected the topic may have been empty, or nobody may have begun.
    if (projected > 0 && behind <= most) {
      return {
        done: projected - first.projected,
        seconds: (at - begunAt) / 1_000,
        startSeconds: startSeconds ?? 0,
        total: projected,
        atFirst,
        atLast: snapshot(),
        backlog: first.behind,
        left: behind,
      };
    }
    if (at - lastAt > STANDSTILL) throw new Error(`stands still, ${behind} events behind`);
    await delay(BETWEEN_LOOKS);
  }
}

async function lookAt(installation: Installation): Promise<{ readonly projected: number; readonly behind: number }> {
  // In this order: what comes while we look is then seen as not done.
  const projected = await committed(installation);
  return { projected, behind: (await installation.count('events.v1')) - projected };
}
