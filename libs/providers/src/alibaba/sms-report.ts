import { storableText, type CanonicalEvent } from '#contracts';
import { countOf, hasAny, idText, isPresent, textOf, withTrimmedKeys } from '../field-readers.js';
import { readJsonElements } from '../json-body.js';
import { localTimeToUtc } from '../local-time.js';
import { mainlandNumber } from '../phone-number.js';
import type { JsonObject, ReceiptContext, ReceiptType, Unreadable } from '../provider.js';
import { unknownFields, withUnreadField } from '../unknown-fields.js';
import { unreadable, unreadableField } from '../unreadable.js';
import { storableOrNull } from './event-values.js';
import { outcomeOf, successOf } from './outcome.js';
import { MAPPING_REVISION } from './status-map.js';

const TYPE = 'io.quittance.message.status-reported.v1';

/**
 * A delivery report for a message to mainland China, as documented; every field may also come as another JSON type.
 * HTTP: https://help.aliyun.com/document_detail/101867.html, queue: https://help.aliyun.com/document_detail/101641.htm.
 */
export interface SmsReport {
  /** Recipient, 11 digits. */
  readonly phone_number: string;
  /** When it was handed to the carrier, `yyyy-MM-dd HH:mm:ss`, Beijing time. */
  readonly send_time: string;
  /** When the carrier's report came in, same form. */
  readonly report_time: string;
  readonly success: boolean;
  /** status-map.ts */
  readonly err_code: string;
  readonly err_msg: string;
  /** Number of segments as text, `"1"`. */
  readonly sms_size: string;
  /** The id that SendSms answered; one for all recipients of a batch. */
  readonly biz_id: string;
  /** The caller's own id; the key is absent when none was given. */
  readonly out_id?: string;
}

const KNOWN: ReadonlySet<string> = new Set<keyof SmsReport>([
  'phone_number',
  'send_time',
  'report_time',
  'success',
  'err_code',
  'err_msg',
  'sms_size',
  'biz_id',
  'out_id',
]);

/** Keys that replies and reviews do not have. */
const CHARACTERISTIC = ['biz_id', 'success', 'report_time', 'err_code', 'sms_size'] as const;

/** `SmsReport` of the mainland product. */
export const smsReport: ReceiptType = {
  name: 'SmsReport',
  channel: 'sms',
  deadline: 500,
  readElements: readJsonElements,
  map: mapSmsReport,
};

function mapSmsReport(received: JsonObject, context: ReceiptContext): CanonicalEvent<typeof TYPE> | Unreadable {
  const element = withTrimmedKeys(received);
  const bizId = idText(element.biz_id);
  const recipientRaw = idText(element.phone_number);
  if (bizId === null || recipientRaw === null) {
    if (!hasAny(element, CHARACTERISTIC)) return unreadable('RECEIPT_TYPE_MISMATCH', 'no key of an SmsReport');
    return bizId === null
      ? unreadableField('biz_id', element.biz_id)
      : unreadableField('phone_number', element.phone_number);
  }

  let extra = unknownFields(element, KNOWN);
  if (extra === null) return unreadable('ELEMENT_TOO_DEEP', 'a field is nested too deep');

  const sendTime = textOf(element.send_time);
  const sentAt = sendTime === null ? null : localTimeToUtc(sendTime, context.timeZone);
  if (sentAt === null && isPresent(element.send_time)) extra = withUnreadField(extra, 'send_time', element.send_time);

  const reportTime = textOf(element.report_time);
  const reportedAt = reportTime === null ? null : localTimeToUtc(reportTime, context.timeZone);
  if (reportedAt === null && isPresent(element.report_time)) {
    extra = withUnreadField(extra, 'report_time', element.report_time);
  }

  const segmentCount = countOf(element.sms_size);
  if (segmentCount === null && isPresent(element.sms_size)) {
    extra = withUnreadField(extra, 'sms_size', element.sms_size);
  }

  const recipient = mainlandNumber(recipientRaw);
  const providerStatus = textOf(element.success);
  const providerCode = textOf(element.err_code);
  const outcome = outcomeOf(successOf(element.success), providerCode);
  const { account, identity } = context;
  const messageKey = identity.messageKey('alibaba', account, [bizId, recipient.canonical]);
  const occurredAt = reportedAt ?? context.observedAt;
  return {
    id: identity.eventId(TYPE, 'alibaba', account, [bizId, recipient.canonical, providerStatus, providerCode]),
    type: TYPE,
    source: context.source,
    subject: messageKey,
    time: occurredAt,
    receiptId: context.receiptId,
    data: {
      provider: 'alibaba',
      account,
      channel: 'sms',
      labels: context.labels,
      messageKey,
      messageId: storableText(bizId),
      sender: null,
      recipient: recipient.e164,
      recipientRaw: storableText(recipientRaw),
      recipientUserId: null,
      segment: null,
      segmentCount,
      status: outcome.status,
      final: outcome.final,
      reason: outcome.reason,
      retry: outcome.retry,
      reportedBy: outcome.reportedBy,
      providerStatus: storableOrNull(providerStatus),
      providerCode: storableOrNull(providerCode),
      providerDescription: storableOrNull(textOf(element.err_msg)),
      reference: storableOrNull(idText(element.out_id)),
      sentAt,
      occurredAt,
      occurredAtFrom: reportedAt === null ? 'observed' : 'provider',
      mappingRevision: MAPPING_REVISION,
      extra,
    },
  };
}
