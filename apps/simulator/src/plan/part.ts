import type { SourceId } from '../callbacks.js';
import type { Random } from './random.js';

/** What the planning of every part of a run starts from. */
export interface RunContext {
  readonly random: Random;
  /** Ten digits that everything of the run holds and nothing of any other run. */
  readonly tag: string;
  /** Unix ms. */
  readonly startedAt: number;
}

/** One HTTP push. */
export interface PlannedPush {
  readonly source: SourceId;
  readonly body: string;
  /**
   * Pushes of one thread go out one after the other, each when the one before was accepted or given up. For notices
   * without a time of their own: of these the order of their coming is the truth.
   */
  readonly thread?: string;
}

/** A thing and its place in the run, from 0 (start) to 1. */
export interface Placed<T> {
  readonly at: number;
  readonly what: T;
}

/** What becomes of a message, in the words of the events. */
export type ExpectedStatus = 'pending' | 'sent' | 'delivered' | 'rendered' | 'read' | 'failed' | 'expired' | 'deleted';

/** What becomes of a review, in the words of the events. */
export type ExpectedReview = 'pending' | 'approved' | 'rejected' | 'paused' | 'disabled';

/** What must be found behind the ingress when everything was accepted. Counts of distinct things. */
export interface Truth {
  /** Messages by what becomes of them in the end. */
  readonly messages: Readonly<Partial<Record<ExpectedStatus, number>>>;
  /** Different reports about them. */
  readonly deliveryReports: number;
  readonly replies: number;
  /** Signatures and templates by how their last review ends. */
  readonly reviews: Readonly<Partial<Record<ExpectedReview, number>>>;
  /** Different reports about them. */
  readonly reviewReports: number;
  /** Aspects of numbers, accounts, templates and persons that there were notices about. */
  readonly subjects: number;
  readonly notices: number;
  /** Bodies and elements that cannot be read, sent on purpose: one dead letter each. */
  readonly malformed: number;
}

/** A part of a run: pushes at their places, and what must come of them. */
export interface Part {
  readonly pushes: readonly Placed<PlannedPush>[];
  readonly truth: Truth;
}

const NOTHING: Truth = {
  messages: {},
  deliveryReports: 0,
  replies: 0,
  reviews: {},
  reviewReports: 0,
  subjects: 0,
  notices: 0,
  malformed: 0,
};

/** A part with the truth that is given, and nothing else to be found. */
export function part(pushes: readonly Placed<PlannedPush>[], truth: Partial<Truth>): Part {
  return { pushes, truth: { ...NOTHING, ...truth } };
}

/** Several parts as one; they must not be about the same things. */
export function together(parts: readonly Part[]): Part {
  return {
    pushes: parts.flatMap(({ pushes }) => pushes),
    truth: parts.map(({ truth }) => truth).reduce(sum, NOTHING),
  };
}

function sum(a: Truth, b: Truth): Truth {
  return {
    messages: sumOfCounts(a.messages, b.messages),
    deliveryReports: a.deliveryReports + b.deliveryReports,
    replies: a.replies + b.replies,
    reviews: sumOfCounts(a.reviews, b.reviews),
    reviewReports: a.reviewReports + b.reviewReports,
    subjects: a.subjects + b.subjects,
    notices: a.notices + b.notices,
    malformed: a.malformed + b.malformed,
  };
}

function sumOfCounts(
  a: Readonly<Record<string, number>>,
  b: Readonly<Record<string, number>>,
): Readonly<Record<string, number>> {
  const counts: Record<string, number> = { ...a };
  for (const [name, count] of Object.entries(b)) counts[name] = (counts[name] ?? 0) + count;
  return counts;
}

/** How often each value is there. */
export function countBy<T extends string>(values: readonly T[]): Readonly<Partial<Record<T, number>>> {
  const counts: Partial<Record<T, number>> = {};
  for (const value of values) counts[value] = (counts[value] ?? 0) + 1;
  return counts;
}
