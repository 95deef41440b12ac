import type { MessageStatusChanged, MessageStatusReported, MessageSubmitted } from '#contracts';
import type { Fact } from './fact-set.js';
import { isReport, waitEndsAt, type MessageFact } from './message-fact.js';
import { saysArrived, saysLost, saysMoreThanNoReceipt, strength } from './strength.js';

/**
 * Member of a state: when it is time to say that no final report came, RFC 3339; null: never, or it has been said. A
 * symbol, because it is in the table and nowhere else: it is neither published nor, by itself, a change.
 */
export const REPORT_DUE_AT = Symbol('reportDueAt');

/** The state of a message: what subscribers are told, without what tells one change from the next. */
export type MessageState = Omit<MessageStatusChanged, 'previousStatus' | 'causedBy' | 'revision'> & {
  readonly [REPORT_DUE_AT]: string | null;
};

type Report = Fact<MessageStatusReported>;

/** The outcome of a message: the report that speaks for it, or null where a segment has not been reported yet. */
interface Outcome {
  readonly report: MessageStatusReported | null;
  readonly segments: MessageState['segments'];
  readonly conflict: boolean;
  /** Whether our own conclusion that no report came would say something of any part of it. */
  readonly isOpen: boolean;
}

const UNSEGMENTED: MessageState['segments'] = { total: null, delivered: 0, failed: 0, pending: 0 };

/** What a message says of which nothing, or a segment, has not been reported. */
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

/** The state that a set of facts amounts to. The order of `facts` does not matter; there is at least one. */
export function deriveMessage(facts: readonly Fact<MessageFact>[]): MessageState {
  const reports = facts.filter(isReport);
  const submission = reports.length === facts.length ? null : submissionAmong(facts);
  if (reports.length === 0) return onlySubmitted(submission!);
  return reported(reports, submission);
}

/** There is one for each message. Should there be more, the one with the smaller id: any rule will do that asks nothing else. */
function submissionAmong(facts: readonly Fact<MessageFact>[]): MessageSubmitted | null {
  let first: Fact<MessageFact> | null = null;
  for (const fact of facts) if (!isReport(fact) && (first === null || fact.id < first.id)) first = fact;
  return first?.data as MessageSubmitted | null;
}

/** Nobody but the sending service has said anything yet. */
function onlySubmitted(submission: MessageSubmitted): MessageState {
  const { provider, account, channel, labels, messageKey, messageId, sender, recipient, reference } = submission;
  return {
    provider,
    account,
    channel,
    labels,
    messageKey,
    messageId,
    sender,
    recipient,
    recipientUserId: null,
    reference,
    ...PENDING,
    segments: UNSEGMENTED,
    conflict: false,
    submittedAt: submission.submittedAt,
    sentAt: null,
    occurredAt: submission.submittedAt,
    // By the sending service's clock: not the provider's, at any rate.
    occurredAtFrom: 'observed',
    [REPORT_DUE_AT]: waitEndsAt(submission),
  };
}

/** What reports amount to. Where none of them has a value, that of the submission fills in. */
function reported(reports: readonly Report[], submission: MessageSubmitted | null): MessageState {
  const ranked = reports.length === 1 ? reports : reports.toSorted(strongestFirst);
  const strongest = ranked[0]!.data;
  const { report, segments, conflict, isOpen } = outcomeOf(ranked);
  const said = report ?? { ...PENDING, occurredAt: strongest.occurredAt, occurredAtFrom: strongest.occurredAtFrom };
  return {
    provider: strongest.provider,
    account: strongest.account,
    channel: strongest.channel,
    labels: strongest.labels,
    messageKey: strongest.messageKey,
    messageId: firstValue(ranked, 'messageId') ?? submission?.messageId ?? null,
    sender: firstValue(ranked, 'sender') ?? submission?.sender ?? null,
    recipient: firstValue(ranked, 'recipient') ?? submission?.recipient ?? null,
    recipientUserId: firstValue(ranked, 'recipientUserId'),
    reference: firstValue(ranked, 'reference') ?? submission?.reference ?? null,
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
    submittedAt: submission?.submittedAt ?? null,
    sentAt: firstValue(ranked, 'sentAt'),
    occurredAt: said.occurredAt,
    occurredAtFrom: said.occurredAtFrom,
    [REPORT_DUE_AT]: submission !== null && isOpen && !said.final ? waitEndsAt(submission) : null,
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
    const [strongest] = ranked;
    return {
      report: strongest!.data,
      segments: UNSEGMENTED,
      conflict: contradicts(strongest!, ranked),
      isOpen: !saysMoreThanNoReceipt(strongest!.data),
    };
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
    isOpen: shares.some(({ spokesman }) => spokesman === null || !saysMoreThanNoReceipt(spokesman.data)),
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
