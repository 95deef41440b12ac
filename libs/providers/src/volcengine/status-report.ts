import { storableText, type CanonicalEvent } from '#contracts';
import { epochMillisecondsToUtc } from '../epoch-time.js';
import { storableOrNull } from '../event-values.js';
import { countOf, hasAny, idText, isPresent, textOf } from '../field-readers.js';
import { readJsonElements } from '../json-body.js';
import { plausible } from '../plausible-time.js';
import type { JsonObject, ReceiptContext, ReceiptType, Unreadable } from '../provider.js';
import { unknownFields, withUnreadField } from '../unknown-fields.js';
import { unreadable, unreadableField } from '../unreadable.js';
import { message } from './message.js';
import { numberOf } from './number.js';
import { CODE_MEANINGS, MAPPING_REVISION, UNEXPLAINED_FAILURE } from './status-map.js';

const TYPE = 'io.quittance.message.status-reported.v1';

/**
 * A delivery report: https://www.volcengine.com/docs/6361/171584. `account`, `sub_account` (message group), `signature`,
 * `template_id`, `channel_type`, `mccmnc` and `iso_code` go to `extra`.
 */
export interface StatusReport {
  /** The id that sending answered. */
  readonly message_id: string;
  readonly mobile: string;
  /** `CN_OTP`, `CN_NTC`, `CN_MKT` to mainland China; others abroad. */
  readonly channel_type?: string;
  /** `"0"` is a success, everything else none: status-map.ts */
  readonly status_code: string;
  readonly description?: string;
  /** Number of segments. */
  readonly msg_count?: number;
  /** The number that it was sent from; not abroad. */
  readonly service_id?: string;
  /** Tag of the request. */
  readonly ext?: string;
  /** Unix ms. */
  readonly send_time?: number;
  /** When it was received, Unix ms. */
  readonly recv_time?: number;
}

const KNOWN: ReadonlySet<string> = new Set<Exclude<keyof StatusReport, 'channel_type'>>([
  'message_id',
  'mobile',
  'status_code',
  'description',
  'msg_count',
  'service_id',
  'ext',
  'send_time',
  'recv_time',
]);

/** Keys that uplink messages and reviews do not have. */
const CHARACTERISTIC = ['message_id', 'status_code', 'msg_count', 'send_time'] as const;

/** `StatusReport`: an array. The vendor names no limit for the answer. */
export const statusReport: ReceiptType = {
  name: 'StatusReport',
  channel: 'sms',
  deadline: 2_000,
  readElements: readJsonElements,
  map: mapStatusReport,
};

function mapStatusReport(element: JsonObject, context: ReceiptContext): CanonicalEvent<typeof TYPE> | Unreadable {
  const messageId = idText(element.message_id);
  const mobile = idText(element.mobile);
  const code = textOf(element.status_code);
  if (messageId === null || mobile === null || code === null) {
    if (!hasAny(element, CHARACTERISTIC)) return unreadable('RECEIPT_TYPE_MISMATCH', 'no key of a status report');
    if (messageId === null) return unreadableField('message_id', element.message_id);
    return mobile === null
      ? unreadableField('mobile', element.mobile)
      : unreadableField('status_code', element.status_code);
  }

  let extra = unknownFields(element, KNOWN);
  if (extra === null) return unreadable('ELEMENT_TOO_DEEP', 'a field is nested too deep');

  const sentAt = plausible(epochMillisecondsToUtc(element.send_time), context);
  if (sentAt === null && isPresent(element.send_time)) extra = withUnreadField(extra, 'send_time', element.send_time);
  const receivedAt = plausible(epochMillisecondsToUtc(element.recv_time), context);
  if (receivedAt === null && isPresent(element.recv_time)) {
    extra = withUnreadField(extra, 'recv_time', element.recv_time);
  }
  const segmentCount = countOf(element.msg_count);
  if (segmentCount === null && isPresent(element.msg_count)) {
    extra = withUnreadField(extra, 'msg_count', element.msg_count);
  }

  const recipient = numberOf(mobile, textOf(element.channel_type));
  const meaning = CODE_MEANINGS.get(code) ?? UNEXPLAINED_FAILURE;
  const { account, identity } = context;
  const messageKey = identity.messageKey('volcengine', account, message(messageId, recipient));
  const occurredAt = receivedAt ?? context.observedAt;
  return {
    id: identity.eventId(TYPE, 'volcengine', account, [messageId, recipient.canonical, code]),
    type: TYPE,
    source: context.source,
    subject: messageKey,
    time: occurredAt,
    receiptId: context.receiptId,
    data: {
      provider: 'volcengine',
      account,
      channel: 'sms',
      labels: context.labels,
      messageKey,
      messageId: storableText(messageId),
      sender: storableOrNull(idText(element.service_id)),
      recipient: recipient.e164,
      recipientRaw: storableText(mobile),
      recipientUserId: null,
      segment: null,
      segmentCount,
      status: meaning.status,
      final: true,
      reason: meaning.reason,
      retry: meaning.retry,
      reportedBy: meaning.reportedBy,
      // Outcome and code are one field at this vendor.
      providerStatus: storableText(code),
      providerCode: storableText(code),
      providerDescription: storableOrNull(textOf(element.description)),
      reference: storableOrNull(idText(element.ext)),
      sentAt,
      occurredAt,
      occurredAtFrom: receivedAt === null ? 'observed' : 'provider',
      mappingRevision: MAPPING_REVISION,
      extra,
    },
  };
}
