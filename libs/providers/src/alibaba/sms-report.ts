import type { CanonicalEvent } from '#contracts';
import { hasAny, withTrimmedKeys } from '../field-readers.js';
import { readJsonElements } from '../json-body.js';
import type { JsonObject, ReceiptContext, ReceiptType, Unreadable } from '../provider.js';
import { unreadable } from '../unreadable.js';
import type { ReportMapper } from './delivery-report.js';
import { mapGlobeReport } from './globe-sms-report.js';
import { mapReportOf2019 } from './sms-report-2019.js';
import { mapInternationalReport } from './sms-report-international.js';
import { mapMainlandReport } from './sms-report-mainland.js';

/**
 * Delivery reports. Four generations share two names: which one a source delivers depends on product, site and age of
 * the account, and nothing in the configuration says it. So each element is told apart by its own keys.
 */
export const smsReport: ReceiptType = {
  name: 'SmsReport',
  channel: 'sms',
  deadline: 500,
  readElements: readJsonElements,
  map: mapSmsReport,
};

/** The same under the name that older customers of the international product subscribe to. */
export const globeSmsReport: ReceiptType = { ...smsReport, name: 'GlobeSmsReport' };

/** Keys of the chat products, which have a `MessageId` too. */
const CHAT_KEYS = ['MsgFrameType', 'Timestamp', 'Message'] as const;

/** By which keys a report that lacks its id is still known: only to say in the dead letter what is missing. */
const WITHOUT_ID: readonly (readonly [readonly string[], ReportMapper])[] = [
  [['success', 'report_time', 'err_code', 'sms_size'], mapMainlandReport],
  [['SendStatus', 'SmsQuantity', 'ExternalId'], mapReportOf2019],
  [['SmsSize', 'SendDate', 'ReceiveDate'], mapInternationalReport],
  [['receive_date', 'send_date', 'error_code'], mapGlobeReport],
];

function mapSmsReport(received: JsonObject, context: ReceiptContext): CanonicalEvent | Unreadable {
  const element = withTrimmedKeys(received);
  const map = mapperOf(element);
  return map === null ? unreadable('RECEIPT_TYPE_MISMATCH', 'no key of a delivery report') : map(element, context);
}

/** Each generation has its own name for the id; `biz_id` first, because some reports have a `message_id` beside it. */
function mapperOf(element: JsonObject): ReportMapper | null {
  if (element.biz_id !== undefined) return mapMainlandReport;
  if (element.BizId !== undefined) return mapReportOf2019;
  if (hasAny(element, CHAT_KEYS)) return null;
  if (element.MessageId !== undefined) return mapInternationalReport;
  if (element.message_id !== undefined) return mapGlobeReport;
  return WITHOUT_ID.find(([keys]) => hasAny(element, keys))?.[1] ?? null;
}
