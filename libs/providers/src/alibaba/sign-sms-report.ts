import type { CanonicalEvent } from '#contracts';
import { bareSignature } from '../event-values.js';
import { hasAny, textOf, withTrimmedKeys } from '../field-readers.js';
import { readJsonElements } from '../json-body.js';
import type { JsonObject, ReceiptContext, ReceiptType, Unreadable } from '../provider.js';
import { unreadable, unreadableField } from '../unreadable.js';
import { smsReviewEvent } from './sms-review.js';

/**
 * The review of a sender name. HTTP: https://help.aliyun.com/document_detail/120998.html, queue (older):
 * https://help.aliyun.com/document_detail/128742.htm. `remark`, `sign_source` and `sign_scene` are the applicant's own
 * words and go to `extra`.
 */
export interface SignSmsReport {
  readonly sign_name: string;
  /** `approving`, `approved`, `rejected` */
  readonly sign_status: string;
  /** Why it was rejected; empty otherwise. */
  readonly reason?: string;
  /** When it was applied for, `yyyy-MM-dd HH:mm:ss`, Beijing time. */
  readonly create_date: string;
  /** The work order, over HTTP. */
  readonly orderId?: string;
  /** The work order, in queues. */
  readonly order_id?: string;
}

const KNOWN: ReadonlySet<string> = new Set<keyof SignSmsReport>([
  'sign_name',
  'sign_status',
  'reason',
  'create_date',
  'orderId',
  'order_id',
]);

/** Keys that no other receipt has. (Replies have a sign_name too.) */
const CHARACTERISTIC = ['sign_status', 'sign_source', 'sign_scene'] as const;

/** `SignSmsReport`. */
export const signSmsReport: ReceiptType = {
  name: 'SignSmsReport',
  channel: 'sms',
  deadline: 500,
  readElements: readJsonElements,
  map: mapSignSmsReport,
};

function mapSignSmsReport(received: JsonObject, context: ReceiptContext): CanonicalEvent | Unreadable {
  const element = withTrimmedKeys(received);
  const name = bareSignature(textOf(element.sign_name));
  const providerStatus = textOf(element.sign_status);
  if (name === null || providerStatus === null) {
    if (!hasAny(element, CHARACTERISTIC)) return unreadable('RECEIPT_TYPE_MISMATCH', 'no key of a SignSmsReport');
    return name === null
      ? unreadableField('sign_name', element.sign_name)
      : unreadableField('sign_status', element.sign_status);
  }
  // A signature has no id of its own: its name is what identifies it.
  return smsReviewEvent(element, { kind: 'sms-signature', id: name, name, providerStatus, known: KNOWN }, context);
}
