import { hasAny, textOf } from '../field-readers.js';
import type { JsonObject, Unreadable } from '../provider.js';
import { unreadable } from '../unreadable.js';

/** The receipts of Chat App Message Service. */
export type ChatAppReceipt = 'ChatAppStatus' | 'ChatAppInbound' | 'ChatAppAudit';

/**
 * How long a push may take, ms. Newer pages allow 3 s
 * (https://www.alibabacloud.com/help/es/chatapp/developer-reference/chatappstatus-1), older ones say nothing.
 */
export const CHAT_APP_DEADLINE = 2000;

/**
 * Which receipt an element is by its keys; null where they do not tell. No payload names its type, and several receipts
 * share `Type`, `Status` and `MessageId`: an inbound message at a status source would look like a status of no kind.
 */
function receiptOf(element: JsonObject): ChatAppReceipt | null {
  const message = Object.hasOwn(element, 'MessageId');
  if (message && hasAny(element, ['Message', 'DisplayName', 'NoticeType'])) return 'ChatAppInbound';
  if (hasAny(element, ['MsgFrameType']) || (message && hasAny(element, ['Status']))) return 'ChatAppStatus';
  if (hasAny(element, ['AuditStatus']) || (hasAny(element, ['WabaId']) && !hasAny(element, ['MessageId', 'From'])))
    return 'ChatAppAudit';
  return null;
}

/**
 * Refuses an element that is not what its source is configured for: clearly another receipt, or with no key of this one.
 * @param known the keys that a receipt of this kind may have
 * @returns null if it may be one
 */
export function refuseOther(
  element: JsonObject,
  expected: ChatAppReceipt,
  known: readonly string[],
): Unreadable | null {
  const receipt = receiptOf(element);
  if (receipt === expected) return null;
  if (receipt !== null) return unreadable('RECEIPT_TYPE_MISMATCH', `the element is a ${receipt}`);
  return hasAny(element, known) ? null : unreadable('RECEIPT_TYPE_MISMATCH', `no key of a ${expected}`);
}

/** The text of a field that has several names, and those of the names that say something else than the first. */
export interface ReadField {
  readonly text: string | null;
  readonly unread: readonly string[];
}

/** Reads a field that the vendor's pages call by several names. The first name that holds something wins. */
export function readField(
  element: JsonObject,
  names: readonly string[],
  read: (value: unknown) => string | null = textOf,
): ReadField {
  const given = names.filter((name) => read(element[name]) !== null);
  const text = read(element[given[0] ?? '']);
  return { text, unread: given.filter((name) => read(element[name]) !== text) };
}
