import type { TopicOffsets } from './topic-offsets.js';

/** A stretch of one partition: from `from` to just before `to`. */
export interface Stretch {
  readonly from: bigint;
  readonly to: bigint;
}

/** Told of a stretch that is no longer there when it is to be read: retention has removed it. */
export type OnRemoved = (partition: number, removed: Stretch) => void;

/**
 * How many offsets stretches span together: as many records are in them, or fewer. One that begins behind its end, as where
 * a partition has lost its end, spans none, and takes nothing from the others.
 */
export function spanOf(stretches: ReadonlyMap<number, Stretch>): number {
  return [...stretches.values()].reduce((sum, { from, to }) => sum + Math.max(0, Number(to - from)), 0);
}

/** As much of the stretches as there is, by partition; those of which there is nothing are left out. */
export function within(
  stretches: ReadonlyMap<number, Stretch>,
  offsets: TopicOffsets,
  onRemoved?: OnRemoved,
): Map<number, Stretch> {
  const there = new Map<number, Stretch>();
  for (const [partition, { from, to }] of stretches) {
    const { low, high } = offsets.get(partition) ?? NOWHERE;
    const stretch = { from: from < low ? low : from, to: to > high ? high : to };
    if (stretch.from < stretch.to) there.set(partition, stretch);
    if (from < low && from < to) onRemoved?.(partition, { from, to: to < low ? to : low });
  }
  return there;
}

/** Of a partition that the topic does not have. */
const NOWHERE = { low: 0n, high: 0n } as const;
