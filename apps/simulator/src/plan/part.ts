import type { Door, SourceId } from '../callbacks.js';
import type { Random } from './random.js';
import type { RunShape } from './run-shape.js';
import type { Truth } from './truth.js';

/** What the planning of every part of a run starts from. */
export interface RunContext {
  readonly random: Random;
  /** Ten digits that everything of the run holds and nothing of any other run. */
  readonly tag: string;
  /** Unix ms. */
  readonly startedAt: number;
  readonly shape: RunShape;
}

/** One HTTP push, or one message in a queue. */
export interface PlannedReceipt {
  readonly door: Door;
  readonly source: SourceId;
  /** What is pushed; what a message in a queue holds, before it is written in Base64. */
  readonly body: string;
  /** A message in a queue that is not written in Base64: both are found. */
  readonly isPlain?: true;
  /**
   * Receipts of one thread go out one after the other, each when the one before was accepted, given up or put into its
   * queue. For what carries no time of its own: there the order of coming is the truth.
   */
  readonly thread?: string;
}

/** A thing and its place in the run, from 0 (start) to 1. */
export interface Placed<T> {
  readonly at: number;
  readonly what: T;
}

/** Different reports, however often and through which door each of them comes. */
export interface FactCounts {
  readonly deliveryReports: number;
  readonly replies: number;
  readonly reviewReports: number;
  readonly notices: number;
}

/** A part of a run: receipts at their places, and what must come of them. */
export interface Part {
  readonly receipts: readonly Placed<PlannedReceipt>[];
  readonly truth: readonly Truth[];
  readonly facts: FactCounts;
}

const NO_FACTS: FactCounts = { deliveryReports: 0, replies: 0, reviewReports: 0, notices: 0 };

/** A part that reports so many different facts, and no others. */
export function part(
  receipts: readonly Placed<PlannedReceipt>[],
  truth: readonly Truth[],
  facts: Partial<FactCounts>,
): Part {
  return { receipts, truth, facts: { ...NO_FACTS, ...facts } };
}

/** Several parts as one; they must not be about the same things. */
export function together(parts: readonly Part[]): Part {
  return {
    receipts: parts.flatMap(({ receipts }) => receipts),
    truth: parts.flatMap(({ truth }) => truth),
    facts: parts
      .map(({ facts }) => facts)
      .reduce(
        (a, b) => ({
          deliveryReports: a.deliveryReports + b.deliveryReports,
          replies: a.replies + b.replies,
          reviewReports: a.reviewReports + b.reviewReports,
          notices: a.notices + b.notices,
        }),
        NO_FACTS,
      ),
  };
}
