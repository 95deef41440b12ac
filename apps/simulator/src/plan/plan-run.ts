import type { DeliveryReport } from './delivery-reports.js';
import { planDeliveryReports } from './delivery-reports.js';
import { planMalformedBodies } from './malformed-bodies.js';
import type { Random } from './random.js';
import { seededRandom } from './random.js';
import { planReplies } from './replies.js';
import { planReviews } from './reviews.js';
import { runTag } from './run-ids.js';

/** What a run is asked to be. */
export interface RunRequest {
  /** How many messages get a delivery report. */
  readonly messages: number;
  /** The same seed and start give the same receipts. */
  readonly seed: number;
  /** Unix ms. */
  readonly startedAt: number;
}

/** The receipt types that are pushed. */
export type PushedReceipt = 'SmsReport' | 'SmsUp' | 'SignSmsReport' | 'TemplateSmsReport';

/** One HTTP push. */
export interface PlannedPush {
  readonly receipt: PushedReceipt;
  readonly body: string;
}

/** What must be found behind the ingress when everything was accepted. Counts of distinct things. */
export interface ExpectedTruth {
  /** Every id of the run that tells messages, replies and reviews apart holds these digits. */
  readonly tag: string;
  readonly receipts: number;
  readonly messages: number;
  readonly messagesDelivered: number;
  readonly messagesFailed: number;
  readonly replies: number;
  readonly reviews: number;
  readonly reviewsApproved: number;
  readonly reviewsRejected: number;
  /** Bodies and elements that cannot be read, sent on purpose: one dead letter each. */
  readonly malformed: number;
}

/** A run before anything is sent. */
export interface RunPlan {
  /** In the order of pushing. */
  readonly pushes: readonly PlannedPush[];
  readonly expected: ExpectedTruth;
}

/** A push and its place in the run, from 0 (start) on. */
interface Placed extends PlannedPush {
  readonly at: number;
}

/** Share of messages whose report is pushed once more, in another array. */
const REPEATED = 0.02;
const REPLIES_PER_MESSAGE = 0.02;
const REVIEWS_PER_MESSAGE = 0.004;
const MALFORMED_PER_MESSAGE = 0.002;

/** Plans what the vendor pushes: pure, the same for the same request. */
export function planRun({ messages, seed, startedAt }: RunRequest): RunPlan {
  const random = seededRandom(seed);
  const tag = runTag(startedAt);

  const planned = planDeliveryReports(random, tag, messages, startedAt);
  const replies = planReplies(random, tag, Math.ceil(messages * REPLIES_PER_MESSAGE), startedAt);
  const reviews = planReviews(random, tag, Math.ceil(messages * REVIEWS_PER_MESSAGE), startedAt);
  const malformed = planMalformedBodies(tag, Math.ceil(messages * MALFORMED_PER_MESSAGE));

  const placed: Placed[] = placeReports(random, planned);
  for (const group of inGroups(random, replies, 3)) {
    placed.push({ at: random.fraction(), receipt: 'SmsUp', body: JSON.stringify(group) });
  }
  for (const { kind, approving, decided } of reviews) {
    const receipt = kind === 'signature' ? 'SignSmsReport' : 'TemplateSmsReport';
    const at = random.fraction() / 2;
    placed.push({ at, receipt, body: JSON.stringify([approving]) });
    placed.push({ at: at + 0.1 + random.fraction() * 0.4, receipt, body: JSON.stringify([decided]) });
  }
  for (const body of malformed) placed.push({ at: random.fraction(), receipt: 'SmsReport', body });

  placed.sort((a, b) => a.at - b.at);
  const delivered = planned.filter(({ report }) => report.success).length;
  const approved = reviews.filter(({ verdict }) => verdict === 'approved').length;
  return {
    pushes: placed.map(({ receipt, body }) => ({ receipt, body })),
    expected: {
      tag,
      receipts: placed.length,
      messages: planned.length,
      messagesDelivered: delivered,
      messagesFailed: planned.length - delivered,
      replies: replies.length,
      reviews: reviews.length,
      reviewsApproved: approved,
      reviewsRejected: reviews.length - approved,
      malformed: malformed.length,
    },
  };
}

/**
 * Delivery reports in arrays that mix sends, as the vendor's do. Late ones come at the end of the run; repeated ones
 * come again somewhat later, in an array of other company.
 */
function placeReports(random: Random, planned: readonly { report: DeliveryReport; late: boolean }[]): Placed[] {
  const inTime = planned.filter(({ late }) => !late).map(({ report }) => report);
  const late = planned.filter((one) => one.late).map(({ report }) => report);
  const repeated = planned.map(({ report }) => report).filter(() => random.chance(REPEATED));

  const groups = inGroups(random, inTime, 5);
  const placed = groups.map((group, index) => pushOf(group, index / groups.length));
  for (const group of inGroups(random, late, 3)) placed.push(pushOf(group, 0.9 + random.fraction() * 0.1));
  for (const group of inGroups(random, repeated, 3)) placed.push(pushOf(group, 0.3 + random.fraction() * 0.8));
  return placed;
}

function pushOf(reports: readonly DeliveryReport[], at: number): Placed {
  return { at, receipt: 'SmsReport', body: JSON.stringify(reports) };
}

/** Cuts a list into groups of 1 to `largest`. */
function inGroups<T>(random: Random, list: readonly T[], largest: number): T[][] {
  const groups: T[][] = [];
  for (let from = 0; from < list.length;) {
    const size = random.between(1, largest);
    groups.push(list.slice(from, from + size));
    from += size;
  }
  return groups;
}
