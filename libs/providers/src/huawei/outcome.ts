import type { MessageStatus, ReportedBy, RetryAdvice, StatusReason } from '#contracts';
import { CODE_MEANINGS, REPORTERS, reporterOf } from './status-map.js';

/** What a delivery report says about the message. */
export interface Outcome {
  readonly status: MessageStatus;
  readonly final: boolean;
  readonly reason: StatusReason | null;
  readonly retry: RetryAdvice | null;
  readonly reportedBy: ReportedBy | null;
}

/**
 * The outcome of a report. The vendor's demos compare in any case of letters, so we do. A code that is not in the table
 * is a failure without a reason: only DELIVRD is a success and only ACCEPTD is on its way.
 * @param source who made the report, as far as it says; it beats what the table expects
 */
export function outcomeOf(status: string, source: string | null): Outcome {
  const code = status.toUpperCase();
  const meaning = CODE_MEANINGS.get(code);
  const said = source === null ? undefined : REPORTERS.get(source);
  if (meaning === undefined) return { ...UNEXPLAINED_FAILURE, reportedBy: said ?? reporterOf(code) };
  const reportedBy = said ?? meaning.reportedBy;
  return {
    status: meaning.status,
    final: meaning.status !== 'pending',
    reason: meaning.reason,
    retry: meaning.retry,
    reportedBy,
  };
}

const UNEXPLAINED_FAILURE = { status: 'failed', final: true, reason: 'unknown', retry: 'unknown' } as const;
