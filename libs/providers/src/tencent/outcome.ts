import type { MessageStatus, ReportedBy, RetryAdvice, StatusReason } from '#contracts';
import { CODE_MEANINGS } from './status-map.js';

/** What a delivery report says about the message. */
export interface Outcome {
  readonly status: MessageStatus;
  readonly final: boolean;
  readonly reason: StatusReason | null;
  readonly retry: RetryAdvice | null;
  readonly reportedBy: ReportedBy | null;
}

/**
 * The outcome of a report. `report_status` decides; the code, which is there for successes too, only says why. Where
 * `report_status` cannot be read, a known code decides; else there is no outcome, and more may come.
 *
 * The vendor does not say which of its codes come from the carrier, so only a success has a reporter for certain.
 */
export function outcomeOf(reportStatus: string | null, code: string | null): Outcome {
  const word = reportStatus?.toUpperCase();
  if (word === 'SUCCESS') return DELIVERED;
  const meaning = code === null ? undefined : CODE_MEANINGS.get(code);
  if (word === 'FAIL') {
    // "Delivered", and yet a failure: report_status wins, and the code explains nothing.
    if (meaning === undefined || meaning.status === 'delivered') return UNEXPLAINED_FAILURE;
    return { ...meaning, final: true, reportedBy: null };
  }
  if (meaning === undefined) return UNKNOWN;
  return meaning.status === 'delivered' ? DELIVERED : { ...meaning, final: true, reportedBy: null };
}

const DELIVERED: Outcome = { status: 'delivered', final: true, reason: null, retry: null, reportedBy: 'carrier' };
const UNEXPLAINED_FAILURE: Outcome = {
  status: 'failed',
  final: true,
  reason: 'unknown',
  retry: 'unknown',
  reportedBy: null,
};
const UNKNOWN: Outcome = { status: 'unknown', final: false, reason: 'unknown', retry: 'unknown', reportedBy: null };
