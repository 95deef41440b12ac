import type { MessageStatus, ReportedBy, RetryAdvice, StatusReason } from '#contracts';
import { CODE_MEANINGS, reporterOf, type CodeMeaning } from './status-map.js';

/** What a delivery report says about the message. */
export interface Outcome {
  readonly status: MessageStatus;
  readonly final: boolean;
  readonly reason: StatusReason | null;
  readonly retry: RetryAdvice | null;
  readonly reportedBy: ReportedBy;
}

/**
 * The outcome of a mainland delivery report. `success` decides, the code only says why: the vendor spells codes
 * differently from place to place (`DELIVERED`, `DELIVRD`) and adds new ones without notice.
 *
 * Two codes refine `success: false`. `EXPIRED` is a failure of its own kind. `REQUEST_SUCCESS` means that the platform
 * accepted the message and the carrier has not answered: false is then "not yet", not "no", and a later report follows.
 *
 * Without a readable `success` the code decides if it is known; else there is no outcome, and more may come.
 */
export function outcomeOf(success: boolean | null, code: string | null): Outcome {
  const meaning = code === null ? undefined : CODE_MEANINGS.get(code);
  const reportedBy = meaning?.reportedBy ?? reporterOf(code ?? '');
  if (success === true) return { status: 'delivered', final: true, reason: null, retry: null, reportedBy: 'carrier' };
  if (meaning === undefined) return { ...(success === null ? UNKNOWN : UNEXPLAINED_FAILURE), reportedBy };
  // "Delivered", and yet no success: `success` wins, and the code explains nothing.
  if (success === false && meaning.status === 'delivered') return { ...UNEXPLAINED_FAILURE, reportedBy };
  return withFinality(meaning);
}

const UNEXPLAINED_FAILURE = { status: 'failed', final: true, reason: 'unknown', retry: 'unknown' } as const;
const UNKNOWN = { status: 'unknown', final: false, reason: 'unknown', retry: 'unknown' } as const;

function withFinality({ status, reason, retry, reportedBy }: CodeMeaning): Outcome {
  return { status, final: status !== 'pending', reason, retry, reportedBy };
}

/** `success` as a boolean or the text of one; null for anything else. */
export function successOf(value: unknown): boolean | null {
  if (typeof value === 'boolean') return value;
  if (typeof value !== 'string') return null;
  const word = value.trim().toLowerCase();
  return word === 'true' ? true : word === 'false' ? false : null;
}
