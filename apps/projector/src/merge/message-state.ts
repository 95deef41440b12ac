import type { MessageStatusChanged, MessageStatusReported } from '#contracts';
import type { Fact } from './fact-set.js';
import { saysArrived, saysLost, strength } from './strength.js';

/** The state of a message: what subscribers are told, without what tells one change from the next. */
export type MessageState = Omit<MessageStatusChanged, 'previousStatus' | 'causedBy' | 'revision'>;

type Report = Fact<MessageStatusReported>;

/** The outcome of a message: the report that speaks for it, or null where a segment has not been reported yet. */
interface Outcome {
  readonly report: MessageStatusReported | null;
  readonly segments: MessageState['segments'];
  readonly conflict: boolean;
}

const UNSEGMENTED: MessageState['segments'] = { total: null, delivered: 0, failed: 0, pending: 0 };

/** What a message says of which a segment has not been reported. */
const PENDING = {
  status: 'pending',
  final: false,
  reason: null,
  retry: null,
  reportedBy: null,
  providerStatus: null,
  providerCode: null,
  providerDescription: null,
} as const;

/** The state that a set of reports amounts to. The order of `facts` does not matter; there is at least one. */
export function deriveMessage(facts: readonly Report[]): MessageState {
  const ranked = facts.length === 1 ? facts : [...facts].sort(strongestFirst);
  const strongest = ranked[0]!.data;
  const { report, segments, conflict } = outcomeOf(ranked);
  const said = report ?? { ...PENDING, occurredAt: strongest.occurredAt, occurredAtFrom: strongest.occurredAtFrom };
  return {
    provider: strongest.provider,
    account: strongest.account,
    channel: strongest.channel,
    labels: strongest.labels,
    messageKey: strongest.messageKey,
    messageId: firstValue(ranked, 'messageId'),
    sender: firstValue(ranked, 'sender'),
    recipient: firstValue(ranked, 'recipient'),
    recipientUserId: firstValue(ranked, 'recipientUserId'),
    reference: firstValue(ranked, 'reference'),
    status: said.status,
    final: said.final,
    reason: said.reason,
    retry: said.retry,
    reportedBy: said.reportedBy,
    providerStatus: said.providerStatus,
    providerCode: said.providerCode,
    providerDescription: said.providerDescription,
    segments,
    conflict,
    submittedAt: null,
    sentAt: firstValue(ranked, 'sentAt'),
    occurredAt: said.occurredAt,
    occurredAtFrom: said.occurredAtFrom,
  };
}

/**
 * Without segments the strongest report speaks for the message. With segments the strongest report speaks for each of
 * them, and one that has failed for good, else the weakest, for the message: a missing segment cannot be hidden by the
 * others, nor a failed one by a later success of another.
 */
function outcomeOf(ranked: readonly Report[]): Outcome {
  const segmented = ranked.filter(({ data }) => data.segment !== null);
  if (segmented.length === 0) {
    return { report: ranked[0]!.data, segments: UNSEGMENTED, conflict: contradicts(ranked[0]!, ranked) };
  }

  const total = Math.max(...segmented.map(({ data }) => Math.max(data.segment!.total, data.segment!.number)));
  const shares = sharesOf(ranked, total);
  const count = (holds: (report: MessageStatusReported) => boolean) =>
    shares.reduce((sum, { spokesman, segments }) => sum + (spokesman && holds(spokesman.data) ? segments : 0), 0);
  const delivered = count(saysArrived);
  const failed = count(failedForGood);

  const spokesmen = shares.flatMap(({ spokesman }) => spokesman ?? []);
  const failure = spokesmen.filter(({ data }) => failedForGood(data)).sort(strongestFirst)[0];
  const complete = spokesmen.length === shares.length;
  return {
    report: failure?.data ?? (complete ? weakest(spokesmen) : null),
    segments: { total, delivered, failed, pending: total - delivered - failed },
    conflict: shares.some(({ spokesman, reports }) => spokesman !== null && contradicts(spokesman, reports)),
  };
}

/** One segment, or all that have no report of their own. */
interface Share {
  /** How many segments these are. */
  readonly segments: number;
  /** The strongest of its reports; null: there is none. */
  readonly spokesman: Report | null;
  readonly reports: readonly Report[];
}

/** A report without a segment speaks for every one. */
function sharesOf(ranked: readonly Report[], total: number): readonly Share[] {
  const bySegment = new Map<number, Report[]>();
  for (const { data } of ranked) if (data.segment !== null) bySegment.set(data.segment.number, []);
  const whole: Report[] = [];
  for (const report of ranked) {
    const { segment } = report.data;
    if (segment === null) whole.push(report);
    const audience = segment === null ? bySegment.values() : [bySegment.get(segment.number)!];
    for (const reports of audience) reports.push(report);
  }
  const shares = [...bySegment.values()].map((reports) => ({ segments: 1, spokesman: reports[0]!, reports }));
  const unreported = total - bySegment.size;
  if (unreported <= 0) return shares;
  return [...shares, { segments: unreported, spokesman: whole[0] ?? null, reports: whole }];
}

function failedForGood(report: MessageStatusReported): boolean {
  return report.final && saysLost(report);
}

/** Of the weakest the one that came last: when all are delivered, that is when the message was. */
function weakest(reports: readonly Report[]): MessageStatusReported {
  const least = Math.min(...reports.map(({ data }) => strength(data)));
  return reports.filter(({ data }) => strength(data) === least).sort(strongestFirst)[0]!.data;
}

/** Whether a provider says that something did not arrive which did. */
function contradicts(strongest: Report, all: readonly Report[]): boolean {
  return saysArrived(strongest.data) && all.some(({ data }) => saysLost(data));
}

/** A total order: strength, then later, then greater code, then greater id. */
function strongestFirst(a: Report, b: Report): number {
  return (
    strength(b.data) - strength(a.data) ||
    compareText(b.data.occurredAt, a.data.occurredAt) ||
    compareText(b.data.providerCode ?? '', a.data.providerCode ?? '') ||
    compareText(b.id, a.id)
  );
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** What the strongest report that says anything says. */
function firstValue<K extends keyof MessageStatusReported>(
  ranked: readonly Report[],
  name: K,
): MessageStatusReported[K] {
  for (const { data } of ranked) if (data[name] !== null) return data[name];
  return ranked[0]!.data[name];
}
