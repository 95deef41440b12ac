import type { LossReason, MessageStatus, MessageTruth } from './truth.js';
import { instant } from './truth.js';

/** What one report says about a message. */
export interface Said {
  readonly status: MessageStatus;
  readonly reason: LossReason | null;
  readonly code: string | null;
  /** When it happened, Unix ms; null: it does not say. */
  readonly at: number | null;
  readonly sentAt: number | null;
  readonly recipient: string | null;
  readonly reference: string | null;
  /** Which part of a long message it is about; null: all of it. */
  readonly segment: { readonly number: number; readonly total: number } | null;
}

/** What is the same in all reports about a message. */
export type MessageAbout = Pick<MessageTruth, 'provider' | 'channel' | 'messageId' | 'sender'>;

/** What says more about a message than what. Not to have arrived in one way is as much as in another. */
const RANK: Readonly<Record<MessageStatus, number>> = {
  pending: 0,
  sent: 1,
  failed: 2,
  expired: 2,
  deleted: 2,
  delivered: 3,
  rendered: 4,
  read: 5,
};

/**
 * What is true of a message about which all this was said, in whatever order: what arrived has arrived, whoever says
 * otherwise; it has failed if any part of it has; and it is under way as long as a part has not been heard of.
 * @param said not empty
 */
export function messageTruth(about: MessageAbout, said: readonly Said[]): MessageTruth {
  const ranked = said.toSorted(mostTelling);
  const { decided, conflict } = decide(ranked);
  const status = decided?.status ?? 'pending';
  return {
    kind: 'message',
    provider: about.provider,
    channel: about.channel,
    messageId: about.messageId,
    recipient: firstOf(ranked, ({ recipient }) => recipient),
    sender: about.sender,
    reference: firstOf(ranked, ({ reference }) => reference),
    status,
    final: status !== 'pending' && status !== 'sent',
    reason: decided?.reason ?? null,
    code: decided?.code ?? null,
    conflict,
    sentAt: instant(firstOf(ranked, ({ sentAt }) => sentAt)),
    occurredAt: instant((decided ?? ranked[0]!).at),
  };
}

/** Which report decides, null: a part has none; and whether something is said to have arrived and to be lost. */
function decide(ranked: readonly Said[]): { readonly decided: Said | null; readonly conflict: boolean } {
  const total = Math.max(0, ...ranked.map(({ segment }) => segment?.total ?? 0));
  if (total === 0) return { decided: ranked[0]!, conflict: contradict(ranked) };
  const parts = Array.from({ length: total }, (_, index) =>
    ranked.filter(({ segment }) => segment === null || segment.number === index + 1),
  );
  const conflict = parts.some(contradict);
  const speakers = parts.flatMap(([speaker]) => speaker ?? []).sort(mostTelling);
  const lost = speakers.find(isLost);
  if (lost !== undefined) return { decided: lost, conflict };
  if (speakers.length < total) return { decided: null, conflict };
  const least = Math.min(...speakers.map(({ status }) => RANK[status]));
  return { decided: speakers.find(({ status }) => RANK[status] === least)!, conflict };
}

function contradict(said: readonly Said[]): boolean {
  return said.some(isArrived) && said.some(isLost);
}

/** Whether it says that the message arrived. */
export function isArrived({ status }: Pick<Said, 'status'>): boolean {
  return RANK[status] > RANK.failed;
}

function isLost({ status }: Said): boolean {
  return RANK[status] === RANK.failed;
}

/** Of equals the later one; what does not say when it happened is received after all that was. */
function mostTelling(a: Said, b: Said): number {
  const later = (b.at ?? Infinity) - (a.at ?? Infinity);
  return RANK[b.status] - RANK[a.status] || (Number.isNaN(later) ? 0 : later);
}

function firstOf<T>(ranked: readonly Said[], read: (said: Said) => T | null): T | null {
  for (const said of ranked) {
    const value = read(said);
    if (value !== null) return value;
  }
  return null;
}
