import { isArrived } from './message-truth.js';
import type { RunContext } from './part.js';
import { pickWeighted } from './random.js';
import type { LossReason, MessageStatus } from './truth.js';

/** One way for a message to end, and how often it is taken. */
export interface Outcome {
  readonly weight: number;
  readonly status: MessageStatus;
  readonly reason: LossReason | null;
  /** The vendor's code and its words for it. */
  readonly code: string;
  readonly text: string;
}

/** An outcome that is reported so many seconds after the first one, so far behind it in the run. */
export interface Told<O> {
  readonly outcome: O;
  readonly delay: number;
  readonly behind: number;
}

/**
 * What is said about a message, in the order of its happening: mostly one outcome. Of a share two that contradict each
 * other: delivered and failed in either order, or failed in two ways.
 */
export function outcomesOf<O extends Pick<Outcome, 'status' | 'weight'>>(
  { random, shape }: RunContext,
  outcomes: readonly O[],
): readonly Told<O>[] {
  const first = pickWeighted(random, outcomes);
  if (!random.chance(shape.contradictions)) return [{ outcome: first, delay: 0, behind: 0 }];
  const others = outcomes.filter((other) => other !== first && !(isArrived(first) && isArrived(other)));
  const second = pickWeighted(random, others);
  const [before, after] = random.chance(0.5) ? [first, second] : [second, first];
  return [
    { outcome: before, delay: 0, behind: 0 },
    { outcome: after, delay: random.between(2, 10), behind: 0.05 + random.fraction() * 0.1 },
  ];
}
