import type { SourceId } from '../../apps/simulator/src/callbacks.js';
import type { PlannedReceipt } from '../../apps/simulator/src/plan/part.js';
import { planRun } from '../../apps/simulator/src/plan/plan-run.js';

/** What a source tells of, and which doors tell the same. */
interface Telling {
  /** False: the vendor's queue leaves out fields that the push has, or has others, so that the door would show. */
  readonly isQueueAlike: boolean;
}

/**
 * The sources that take part: those whose facts all have a time of their own. What has none counts from when it was first
 * seen, which is another moment in every run.
 */
export const SOURCES = {
  'ali-sms-report': { isQueueAlike: true },
  'ali-sms-report-intl': { isQueueAlike: false },
  'ali-sms-up': { isQueueAlike: false },
  'ali-chat-status': { isQueueAlike: false },
} as const satisfies Partial<Record<SourceId, Telling>>;

/** Id of a source that takes part. */
export type WorldSource = keyof typeof SOURCES;

/** All of them. */
export const WORLD_SOURCES = Object.keys(SOURCES) as readonly WorldSource[];

/** A receipt of a source that takes part. */
export type WorldReceipt = PlannedReceipt & { readonly source: WorldSource };

/** A part of the world, small enough to be held in memory. */
export interface Slice {
  /** Pushes in the order of what they tell. They tell everything. */
  readonly pushes: readonly WorldReceipt[];
  /** The same by queue, one fact each. */
  readonly queued: readonly WorldReceipt[];
  /** How many different facts. */
  readonly facts: number;
  /** Messages by what becomes of them in the end. */
  readonly messages: Readonly<Partial<Record<string, number>>>;
  readonly replies: number;
}

const MESSAGES = 500;
/** Slices begin so far apart, ms: each has its own ids. */
const APART = 100;

const SHAPE = { doors: { push: 0, queue: 0, both: 1 }, duplicates: 0, disorder: 0, poison: 0 };

/**
 * A world of so many facts, slice by slice, and a few more. The same arguments give the same world.
 * @param beginning Unix ms
 */
export function* world(facts: number, beginning: number): Generator<Slice> {
  let told = 0;
  for (let index = 0; told < facts; index++) {
    const { receipts, expected } = planRun({
      messages: MESSAGES,
      seed: index,
      startedAt: beginning + index * APART,
      shape: SHAPE,
      only: WORLD_SOURCES,
    });
    const ours = receipts.filter((receipt): receipt is WorldReceipt => Object.hasOwn(SOURCES, receipt.source));
    const slice = {
      pushes: ours.filter(({ door }) => door === 'push'),
      queued: ours.filter(({ door, source }) => door === 'queue' && SOURCES[source].isQueueAlike),
      facts: expected.deliveryReports + expected.replies + expected.notices,
      messages: expected.messages,
      replies: expected.replies,
    };
    told += slice.facts;
    yield slice;
  }
}
