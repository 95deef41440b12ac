import type { CanonicalEvent } from '#contracts';
import { report, uuid, type Said } from '../storage/reports.js';

/** What may become of a message: what is reported, in the order in which it happens, and what is true in the end. */
interface Story {
  readonly reports: readonly Said[];
  /** Which report speaks for the message in the end. */
  readonly decides: number;
  /** Where no report does, since a segment is missing. */
  readonly isIncomplete?: true;
  readonly conflict?: true;
}

const PENDING: Said = { status: 'pending', final: false };
const SENT: Said = { status: 'sent', final: false };
const DELIVERED: Said = { status: 'delivered', final: true };
const READ: Said = { status: 'read', final: true };
const FAILED: Said = { status: 'failed', final: true, reason: 'handset' };
const EXPIRED: Said = { status: 'expired', final: true, reason: 'handset' };

/** Written by hand from the rules, so that it cannot share a mistake with the merge. */
const STORIES: readonly Story[] = [
  { reports: [DELIVERED], decides: 0 },
  { reports: [PENDING, SENT, DELIVERED], decides: 2 },
  { reports: [SENT, FAILED], decides: 1 },
  { reports: [PENDING, SENT], decides: 1 },
  { reports: [SENT, DELIVERED, READ], decides: 2 },
  { reports: [PENDING, FAILED, DELIVERED], decides: 2, conflict: true },
  { reports: [DELIVERED, EXPIRED], decides: 0, conflict: true },
  { reports: [FAILED, EXPIRED], decides: 1 },
  { reports: [segment(1, DELIVERED), segment(2, DELIVERED), segment(3, DELIVERED)], decides: 2 },
  { reports: [segment(1, SENT), segment(1, DELIVERED), segment(2, FAILED)], decides: 2 },
  { reports: [segment(1, DELIVERED), segment(3, DELIVERED)], decides: 1, isIncomplete: true },
];

function segment(number: number, said: Said): Said {
  return { ...said, segment: { number, total: number > 2 ? 3 : 2 } };
}

function storyOf(message: number): Story {
  return STORIES[message % STORIES.length]!;
}

/** Some vendors' clocks are wrong. That is for others to flag: here every time is taken as it is told. */
const YEARS: readonly number[] = [2026, 2026, 2026, 2026, 2026, 1970, 9999];

/** Millisecond `index` of the life of a message. */
function happenedAt(message: number, index: number): string {
  return new Date(Date.UTC(YEARS[message % YEARS.length]!, 6, 9) + (message * 1_000 + index)).toISOString();
}

/** All reports about message number `message`. */
export function eventsOf(message: number): CanonicalEvent[] {
  return storyOf(message).reports.map((said, index) =>
    report(message, {
      report: index,
      // Receipts are told apart by their reports, so that a copy is known from its like.
      receiptId: `receipt-${message}-${index}`,
      providerCode: `CODE-${index}`,
      reference: `order-${message}`,
      occurredAt: happenedAt(message, index),
      ...said,
    }),
  );
}

/** What a row of a message must say. */
export interface MessageRow {
  readonly message_key: string;
  readonly status: string;
  readonly final: boolean;
  readonly reason: string | null;
  readonly provider_code: string | null;
  readonly conflict: boolean;
  readonly reference: string;
  readonly occurred_at: Date;
  readonly reports: number;
}

/** The columns of `MessageRow`. */
export const MESSAGE_ROWS = `SELECT message_key, status, final, reason, provider_code, conflict, reference, occurred_at,
  json_array_length(facts) AS reports FROM message ORDER BY message_key`;

/** The row of message number `message`, once everything about it has been told. */
export function rowOf(message: number): MessageRow {
  const { reports, decides, isIncomplete = false, conflict = false } = storyOf(message);
  const { status, final, reason = null } = isIncomplete ? PENDING : reports[decides]!;
  return {
    message_key: uuid(message),
    status: status!,
    final: final!,
    reason,
    provider_code: isIncomplete ? null : `CODE-${decides}`,
    conflict,
    reference: `order-${message}`,
    occurred_at: new Date(happenedAt(message, decides)),
    reports: reports.length,
  };
}
