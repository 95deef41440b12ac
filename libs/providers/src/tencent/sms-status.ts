import { storableText, type CanonicalEvent } from '#contracts';
import { storableOrNull } from '../event-values.js';
import { hasAny, idText, isPresent, textOf } from '../field-readers.js';
import { readJsonElements } from '../json-body.js';
import { localTimeToUtc } from '../local-time.js';
import { plausible } from '../plausible-time.js';
import type { JsonObject, ReceiptContext, ReceiptType, Unreadable } from '../provider.js';
import { unknownFields, withUnreadField } from '../unknown-fields.js';
import { unreadable, unreadableField } from '../unreadable.js';
import { message } from './message.js';
import { outcomeOf } from './outcome.js';
import { splitNumber } from './split-number.js';
import { MAPPING_REVISION } from './status-map.js';

const TYPE = 'io.quittance.message.status-reported.v1';

/**
 * A delivery report: https://www.tencentcloud.com/document/product/382/43547, with `ext` from
 * https://cloud.tencent.com/document/api/382/59178. `sub_error` and `sub_error_desc`, announced for international
 * messages from December 2026 (https://cloud.tencent.com/announce/detail/2540), are kept in `extra`.
 */
export interface SmsStatus {
  /** When the person received it, `yyyy-MM-dd HH:mm:ss` without a zone. */
  readonly user_receive_time: string;
  /** Country code without a plus, `"86"`. */
  readonly nationcode: string;
  /** National number. */
  readonly mobile: string;
  /** `SUCCESS` or `FAIL` */
  readonly report_status: string;
  /** The receipt code, in spite of its name, and for successes too: status-map.ts */
  readonly errmsg: string;
  readonly description: string;
  /** SerialNo of the answer to sending, one for each number. */
  readonly sid: string;
  /** SessionContext of the request, only where Tencent was asked to send it. Text; an object with some clients. */
  readonly ext?: string | JsonObject;
}

const KNOWN: ReadonlySet<string> = new Set<keyof SmsStatus>([
  'user_receive_time',
  'nationcode',
  'mobile',
  'report_status',
  'errmsg',
  'description',
  'sid',
  'ext',
]);

/** Keys that replies do not have. */
const CHARACTERISTIC = ['sid', 'report_status', 'user_receive_time', 'errmsg'] as const;

/** SessionContext may have 512 bytes; an `ext` object that is much larger is no reference and stays in `extra`. */
const LONGEST_REFERENCE = 1_024;

/** `SmsStatus`: an array of up to 100. */
export const smsStatus: ReceiptType = {
  name: 'SmsStatus',
  channel: 'sms',
  deadline: 2_000,
  readElements: readJsonElements,
  map: mapSmsStatus,
};

function mapSmsStatus(element: JsonObject, context: ReceiptContext): CanonicalEvent<typeof TYPE> | Unreadable {
  const messageId = idText(element.sid);
  const mobile = idText(element.mobile);
  if (messageId === null || mobile === null) {
    if (!hasAny(element, CHARACTERISTIC)) return unreadable('RECEIPT_TYPE_MISMATCH', 'no key of an SmsStatus');
    return messageId === null ? unreadableField('sid', element.sid) : unreadableField('mobile', element.mobile);
  }

  let extra = unknownFields(element, KNOWN);
  if (extra === null) return unreadable('ELEMENT_TOO_DEEP', 'a field is nested too deep');

  const receiveTime = textOf(element.user_receive_time);
  const receivedAt = receiveTime === null ? null : plausible(localTimeToUtc(receiveTime, context.timeZone), context);
  if (receivedAt === null && isPresent(element.user_receive_time)) {
    extra = withUnreadField(extra, 'user_receive_time', element.user_receive_time);
  }

  const nationCode = idText(element.nationcode);
  const recipient = splitNumber(nationCode, mobile);
  if (recipient.e164 === null && nationCode !== null) extra = withUnreadField(extra, 'nationcode', nationCode);
  const providerStatus = textOf(element.report_status);
  const providerCode = textOf(element.errmsg);
  const outcome = outcomeOf(providerStatus, providerCode);
  const { account, identity } = context;
  const messageKey = identity.messageKey('tencent', account, message(messageId, recipient));
  const occurredAt = receivedAt ?? context.observedAt;
  return {
    id: identity.eventId(TYPE, 'tencent', account, [
      messageId,
      recipient.canonical,
      // Read in any case of letters; codes are read as they are written.
      providerStatus?.toUpperCase() ?? null,
      providerCode,
    ]),
    type: TYPE,
    source: context.source,
    subject: messageKey,
    time: occurredAt,
    receiptId: context.receiptId,
    data: {
      provider: 'tencent',
      account,
      channel: 'sms',
      labels: context.labels,
      messageKey,
      messageId: storableText(messageId),
      sender: null,
      recipient: recipient.e164,
      recipientRaw: storableText(mobile),
      recipientUserId: null,
      segment: null,
      segmentCount: null,
      status: outcome.status,
      final: outcome.final,
      reason: outcome.reason,
      retry: outcome.retry,
      reportedBy: outcome.reportedBy,
      providerStatus: storableOrNull(providerStatus),
      providerCode: storableOrNull(providerCode),
      providerDescription: storableOrNull(textOf(element.description)),
      reference: storableOrNull(referenceOf(element.ext)),
      sentAt: null,
      occurredAt,
      occurredAtFrom: receivedAt === null ? 'observed' : 'provider',
      mappingRevision: MAPPING_REVISION,
      extra,
    },
  };
}

/** What the caller gave as context: text as it is; an object as the JSON text that it was given as. */
function referenceOf(ext: unknown): string | null {
  if (typeof ext !== 'object' || ext === null) return idText(ext);
  const text = JSON.stringify(ext);
  return text.length <= LONGEST_REFERENCE ? text : null;
}
