import type { MessageStatusChanged, MessageStatusReported } from '#contracts';
import type { Fact } from './fact-set.js';
import { saysArrived, saysLost, strength } from './strength.js';

/** The state of a message: what subscribers are told, without what tells one change from the next. */
export type MessageState = Omit<MessageStatusChanged, 'previousStatus' | 'causedBy' | 'revision'>;

type Report = Fact<MessageStatusReported>;

/** The state that a set of reports amounts to. The order of `facts` does not matter; there is at least one. */
export function deriveMessage(facts: readonly Report[]): MessageState {
  const ranked = facts.length === 1 ? facts : [...facts].sort(strongestFirst);
  const strongest = ranked[0]!.data;
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
    status: strongest.status,
    final: strongest.final,
    reason: strongest.reason,
    retry: strongest.retry,
    reportedBy: strongest.reportedBy,
    providerStatus: strongest.providerStatus,
    providerCode: strongest.providerCode,
    providerDescription: strongest.providerDescription,
    segments: { total: null, delivered: 0, failed: 0, pending: 0 },
    conflict: saysArrived(strongest) && facts.some(({ data }) => saysLost(data)),
    submittedAt: null,
    sentAt: firstValue(ranked, 'sentAt'),
    occurredAt: strongest.occurredAt,
    occurredAtFrom: strongest.occurredAtFrom,
  };
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
