import { storableText, type CanonicalEvent, type Segment } from '#contracts';
import { storableOrNull } from '../event-values.js';
import { countOf, hasAny, idText, isPresent, textOf } from '../field-readers.js';
import { readFormElements } from '../form-body.js';
import { plausible } from '../plausible-time.js';
import type { Elements, JsonObject, ReceiptContext, ReceiptType, Unreadable } from '../provider.js';
import { unknownFields, withUnreadField } from '../unknown-fields.js';
import { unreadable, unreadableField } from '../unreadable.js';
import { certainNumber, message } from './message.js';
import { outcomeOf } from './outcome.js';
import { MAPPING_REVISION } from './status-map.js';
import { utcTime } from './utc-time.js';

const TYPE = 'io.quittance.message.status-reported.v1';

/**
 * A delivery report: for a message, or for one segment of a long one. In batches
 * https://support.huaweicloud.com/intl/en-us/api-msgsms/sms_05_0063.html, one by one
 * https://support.huaweicloud.com/intl/en-us/api-msgsms/sms_05_0003.html. Everything is text, in JSON too. `source` and
 * `orgCode` (the raw code of an international carrier) are also kept in `extra`.
 */
export interface StatusReport {
  /** One id per recipient, from the answer to sending. */
  readonly smsMsgId: string;
  /** How many segments the message was cut into; `"1"` if it was not. */
  readonly total?: string;
  /** Which of them this is about; means nothing unless `total` is above 1. */
  readonly sequence?: string;
  /** status-map.ts */
  readonly status: string;
  /** Who made the report: `"1"`, `"2"`, `"3"`. */
  readonly source?: string;
  /** When the platform received the carrier's report, UTC; absent in reports that the platform made itself. */
  readonly updateTime?: string;
  /** The caller's own text; absent when none was given. */
  readonly extend?: string;
  /** Recipient; only there when `extend` is. */
  readonly to?: string;
  /** What the code means; newer than the rest. */
  readonly statusDesc?: string;
}

/** Everything that an event has a field of its own for. `source` has one, but 1 and 3 look the same in it. */
const KNOWN: ReadonlySet<string> = new Set<Exclude<keyof StatusReport, 'source'>>([
  'smsMsgId',
  'total',
  'sequence',
  'status',
  'updateTime',
  'extend',
  'to',
  'statusDesc',
]);

/** Keys that uplink messages do not have. */
const CHARACTERISTIC = ['status', 'sequence', 'updateTime', 'orgCode'] as const;

const BODY = { list: 'statusReportList', numbers: new Set(['to']) } as const;

/**
 * `BatchStatusReport` (JSON, up to 50 reports at a time as documented, any number as read) and `StatusReport` (a form
 * with one). Which of them a message gets depends on how it was sent, and a mistaken address is quickly made: both take
 * both. Within 5 s: the vendor gives no limit of its own.
 */
export const batchStatusReport: ReceiptType = {
  name: 'BatchStatusReport',
  channel: 'sms',
  deadline: 5_000,
  readElements,
  map: mapStatusReport,
};

export const statusReport: ReceiptType = { ...batchStatusReport, name: 'StatusReport' };

function readElements(body: Buffer): Elements | Unreadable {
  return readFormElements(body, BODY);
}

function mapStatusReport(element: JsonObject, context: ReceiptContext): CanonicalEvent<typeof TYPE> | Unreadable {
  const messageId = idText(element.smsMsgId);
  const code = textOf(element.status);
  if (messageId === null || code === null) {
    if (!hasAny(element, CHARACTERISTIC)) return unreadable('RECEIPT_TYPE_MISMATCH', 'no key of a status report');
    return messageId === null
      ? unreadableField('smsMsgId', element.smsMsgId)
      : unreadableField('status', element.status);
  }

  let extra = unknownFields(element, KNOWN);
  if (extra === null) return unreadable('ELEMENT_TOO_DEEP', 'a field is nested too deep');

  const updateTime = textOf(element.updateTime);
  const updatedAt = updateTime === null ? null : plausible(utcTime(updateTime), context);
  if (updatedAt === null && isPresent(element.updateTime)) {
    extra = withUnreadField(extra, 'updateTime', element.updateTime);
  }

  const total = countOf(element.total);
  const segment = segmentOf(total, countOf(element.sequence));
  if (total === null && isPresent(element.total)) extra = withUnreadField(extra, 'total', element.total);
  if (segment === null && total !== 1 && isPresent(element.sequence)) {
    extra = withUnreadField(extra, 'sequence', element.sequence);
  }

  const recipientRaw = idText(element.to);
  const outcome = outcomeOf(code, idText(element.source));
  const { account, identity } = context;
  const messageKey = identity.messageKey('huawei', account, message(messageId));
  const occurredAt = updatedAt ?? context.observedAt;
  return {
    id: identity.eventId(TYPE, 'huawei', account, [messageId, idText(element.sequence), code.toUpperCase()]),
    type: TYPE,
    source: context.source,
    subject: messageKey,
    time: occurredAt,
    receiptId: context.receiptId,
    data: {
      provider: 'huawei',
      account,
      channel: 'sms',
      labels: context.labels,
      messageKey,
      messageId: storableText(messageId),
      sender: null,
      recipient: recipientRaw === null ? null : certainNumber(recipientRaw),
      recipientRaw: storableOrNull(recipientRaw),
      recipientUserId: null,
      segment,
      segmentCount: total,
      status: outcome.status,
      final: outcome.final,
      reason: outcome.reason,
      retry: outcome.retry,
      reportedBy: outcome.reportedBy,
      // Outcome and code are one field at this vendor.
      providerStatus: storableText(code),
      providerCode: storableText(code),
      providerDescription: storableOrNull(textOf(element.statusDesc)),
      reference: storableOrNull(idText(element.extend)),
      sentAt: null,
      occurredAt,
      occurredAtFrom: updatedAt === null ? 'observed' : 'provider',
      mappingRevision: MAPPING_REVISION,
      extra,
    },
  };
}

/** Whether the first of two segments is 0 or 1 is not documented: both are passed on; what cannot be either is not. */
function segmentOf(total: number | null, sequence: number | null): Segment | null {
  return total === null || sequence === null || total < 2 || sequence > total ? null : { number: sequence, total };
}
