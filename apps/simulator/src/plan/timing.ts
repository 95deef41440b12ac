import type { RunContext } from './part.js';

/** When a message was sent and reported, and where in the run the report comes. Unix ms, whole seconds. */
export interface Timing {
  readonly at: number;
  readonly sentAt: number;
  readonly reportedAt: number;
}

const SECOND = 1000;
const HOUR = 60 * 60 * SECOND;

/**
 * A message of the last minute, reported at its place in the run; a share comes hours after it was sent, at the end.
 * @param place from 0 to 1
 */
export function timingOf({ random, startedAt, shape }: RunContext, place: number): Timing {
  // Most vendors write whole seconds.
  const now = startedAt - (startedAt % SECOND);
  if (random.chance(shape.late)) {
    const sentAt = now - random.between(6, 30) * HOUR;
    return { at: 0.9 + random.fraction() * 0.1, sentAt, reportedAt: now - 30 * SECOND };
  }
  const sentAt = now - random.between(45, 60) * SECOND;
  return { at: place, sentAt, reportedAt: sentAt + random.between(1, 10) * SECOND };
}
