import type { MessageStatus, ReportedBy, RetryAdvice, StatusReason } from '#contracts';
import { idText, textOf } from '../field-readers.js';
import { meaningOf, reporterOf, SEND_STATUSES, type CodeMeaning, type StatedStatus } from './status-map.js';

/** What a delivery report says about the message. */
export interface Outcome {
  readonly status: MessageStatus;
  readonly final: boolean;
  readonly reason: StatusReason | null;
  readonly retry: RetryAdvice | null;
  readonly reportedBy: ReportedBy;
}

/**
 * The outcome of a delivery report. What the report states decides, the code only says why: the vendor spells codes
 * differently from place to place (`DELIVERED`, `DELIVRD`, `success`), shows a delivered sample with `UNKNOW`, and adds
 * new ones without notice. One code refines a failure: `EXPIRED` is a failure of its own kind.
 *
 * Where nothing readable is stated the code decides if it is known; else there is no outcome, and more may come.
 * @param stated null where the report states nothing, or a word that nobody knows
 */
export function outcomeOf(stated: StatedStatus | null, code: string | null): Outcome {
  const meaning = code === null ? undefined : meaningOf(code);
  const reportedBy = meaning?.reportedBy ?? reporterOf(code ?? '');
  switch (stated) {
    case 'delivered':
      return { status: 'delivered', final: true, reason: null, retry: null, reportedBy: 'carrier' };
    case 'pending':
      return { status: 'pending', final: false, reason: null, retry: null, reportedBy: 'provider' };
    case 'expired':
      return meaning?.status === 'failed' && meaning.reason !== 'unknown'
        ? { ...withFinality(meaning), status: 'expired' }
        : { status: 'expired', final: true, reason: null, retry: 'later', reportedBy: 'carrier' };
    case 'failed':
      // "Failed", and yet a code of success: what is stated wins, and the code explains nothing.
      return meaning?.status === 'failed' || meaning?.status === 'expired'
        ? withFinality(meaning)
        : { ...UNEXPLAINED_FAILURE, reportedBy };
    case null:
      return meaning === undefined ? { ...UNKNOWN, reportedBy } : withFinality(meaning);
  }
}

const UNEXPLAINED_FAILURE = { status: 'failed', final: true, reason: 'unknown', retry: 'unknown' } as const;
const UNKNOWN = { status: 'unknown', final: false, reason: 'unknown', retry: 'unknown' } as const;

function withFinality({ status, reason, retry, reportedBy }: CodeMeaning): Outcome {
  return { status, final: status !== 'pending', reason, retry, reportedBy };
}

/**
 * What `success` of a mainland report states; it may be a boolean, the word for one, or 1 and 0. False with a code such
 * as `REQUEST_SUCCESS` means that the platform accepted the message and the carrier has not answered: "not yet", not
 * "no", and a later report follows.
 */
export function successOf(value: unknown, code: string | null): StatedStatus | null {
  const word = wordOf(value);
  if (word === 'true') return 'delivered';
  if (word !== 'false') return null;
  return code !== null && meaningOf(code)?.status === 'pending' ? 'pending' : 'failed';
}

/**
 * What `success` adds to the id of an event: how it was read, so that `true`, `"TRUE"` and 1 are one fact. What cannot
 * be read is told apart as it is written.
 */
export function successId(value: unknown): string | null {
  return wordOf(value) ?? textOf(value);
}

function wordOf(value: unknown): 'true' | 'false' | null {
  const word = idText(value)?.toLowerCase();
  if (word === 'true' || word === '1') return 'true';
  return word === 'false' || word === '0' ? 'false' : null;
}

/**
 * What a numbered status states. 1 is ambiguous: the pages that type it as a number say "submitted", those that type it
 * as text say "delivered".
 * @param one what 1 means at this source, if that is known
 */
export function sendStatusOf(value: unknown, one: 'delivered' | 'submitted' | null): StatedStatus | null {
  const word = idText(value);
  if (word !== '1') return word === null ? null : (SEND_STATUSES.get(word.toUpperCase()) ?? null);
  const meaning = one ?? (typeof value === 'string' ? 'delivered' : 'submitted');
  return meaning === 'delivered' ? 'delivered' : 'pending';
}

/**
 * What a numbered status adds to the id of an event. The number 1 and the text 1 are different facts, as `sendStatusOf`
 * explains; under one id a message that was merely submitted could hide its delivery. Words are read in any case of
 * letters, so the case does not make another fact.
 */
export function sendStatusId(value: unknown): string | null {
  const word = idText(value);
  return word === '1' && typeof value !== 'string' ? 'number 1' : (word?.toUpperCase() ?? null);
}
