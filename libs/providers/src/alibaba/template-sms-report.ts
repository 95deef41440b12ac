import type { CanonicalEvent } from '#contracts';
import { hasAny, idText, textOf, withTrimmedKeys } from '../field-readers.js';
import { readJsonElements } from '../json-body.js';
import type { JsonObject, ReceiptContext, ReceiptType, Unreadable } from '../provider.js';
import { unreadable, unreadableField } from '../unreadable.js';
import { smsReviewEvent } from './sms-review.js';

/**
 * The review of a message template. HTTP: https://help.aliyun.com/document_detail/120999.htm, queue (older):
 * https://help.aliyun.com/document_detail/128743.htm. `template_content`, `template_type` (a localised word, no code)
 * and `remark` go to `extra`.
 */
export interface TemplateSmsReport {
  readonly template_code: string;
  readonly template_name: string;
  /** `approving`, `approved`, `rejected` */
  readonly template_status: string;
  /** Why it was rejected; empty otherwise. */
  readonly reason?: string;
  /** When it was applied for, `yyyy-MM-dd HH:mm:ss`, Beijing time. */
  readonly create_date: string;
  /** The work order, over HTTP. */
  readonly orderId?: string;
  /** The work order, in queues. */
  readonly order_id?: string;
}

const KNOWN: ReadonlySet<string> = new Set<keyof TemplateSmsReport>([
  'template_code',
  'template_name',
  'template_status',
  'reason',
  'create_date',
  'orderId',
  'order_id',
]);

/** Keys that no other receipt has. (Card templates and some delivery reports have a template_code too.) */
const CHARACTERISTIC = ['template_status', 'template_name', 'template_content', 'template_type'] as const;

/** `TemplateSmsReport`. */
export const templateSmsReport: ReceiptType = {
  name: 'TemplateSmsReport',
  channel: 'sms',
  deadline: 500,
  readElements: readJsonElements,
  map: mapTemplateSmsReport,
};

function mapTemplateSmsReport(received: JsonObject, context: ReceiptContext): CanonicalEvent | Unreadable {
  const element = withTrimmedKeys(received);
  const id = idText(element.template_code);
  const providerStatus = textOf(element.template_status);
  if (id === null || providerStatus === null) {
    if (!hasAny(element, CHARACTERISTIC)) return unreadable('RECEIPT_TYPE_MISMATCH', 'no key of a TemplateSmsReport');
    return id === null
      ? unreadableField('template_code', element.template_code)
      : unreadableField('template_status', element.template_status);
  }
  const name = textOf(element.template_name);
  return smsReviewEvent(element, { kind: 'sms-template', id, name, providerStatus, known: KNOWN }, context);
}
