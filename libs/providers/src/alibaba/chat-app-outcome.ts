import type { MessageStatus, ReportedBy, RetryAdvice, StatusReason } from '#contracts';
import { idText, textOf } from '../field-readers.js';
import type { JsonObject } from '../provider.js';
import { readField } from './chat-app-receipt.js';
import { CHAT_APP_FAILURES, CHAT_APP_STATUSES } from './chat-app-status-map.js';

/** What became of a chat message, and in which of the vendor's words. */
export interface ChatAppOutcome {
  readonly status: MessageStatus;
  readonly final: boolean;
  readonly reason: StatusReason | null;
  readonly retry: RetryAdvice | null;
  readonly reportedBy: ReportedBy | null;
  readonly code: string | null;
  readonly description: string | null;
  /** Fields that say something else than `code` and `description`. */
  readonly unread: readonly string[];
}

/** `131026:Receiver is incapable of receiving this message`. */
const CODE_AND_TEXT = /^(\d+)\s*:\s*([^]*)$/;

/** Reads the outcome of a ChatAppStatus. `Status` decides; the code only says why a message failed. */
export function readOutcome(element: JsonObject, providerStatus: string): ChatAppOutcome {
  const errorCode = readField(element, ['ErrorCode', 'Error'], idText);
  const errorText = textOf(element.ErrorDescription);
  const statusText = textOf(element.StatusDescription);
  const [, prefix, rest] = CODE_AND_TEXT.exec(errorText ?? '') ?? [];
  const code = errorCode.text ?? prefix ?? null;
  // The code is not said twice.
  const error = prefix !== undefined && prefix === code ? textOf(rest) : errorText;
  const description = error ?? statusText;
  const leftOver = statusText !== null && statusText !== description && statusText !== providerStatus;
  return {
    ...meaningOf(providerStatus, code),
    code,
    description,
    unread: leftOver ? [...errorCode.unread, 'StatusDescription'] : errorCode.unread,
  };
}

type Meaning = Pick<ChatAppOutcome, 'status' | 'final' | 'reason' | 'retry' | 'reportedBy'>;

function meaningOf(providerStatus: string, code: string | null): Meaning {
  const meaning = CHAT_APP_STATUSES.get(providerStatus.toLowerCase());
  if (meaning === undefined) {
    return { status: 'unknown', final: false, reason: 'unknown', retry: 'unknown', reportedBy: null };
  }
  if (meaning.status !== 'failed') return { ...meaning, reason: null, retry: null, reportedBy: 'carrier' };
  // The oldest pages have `Error` where later ones have `ErrorCode`; should it hold the text as well, the code leads it.
  const [, leading = code ?? ''] = CODE_AND_TEXT.exec(code ?? '') ?? [];
  const { reason, retry, reportedBy } = CHAT_APP_FAILURES.get(leading) ?? UNEXPLAINED;
  return { ...meaning, reason, retry, reportedBy };
}

/** Who refused it, the app or the platform, is not said. */
const UNEXPLAINED = { reason: 'unknown', retry: 'unknown', reportedBy: null } as const;
