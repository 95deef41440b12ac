import type { CanonicalEvent } from '#contracts';
import { storableOrNull } from '../event-values.js';
import { hasAny, idText, textOf, withTrimmedKeys } from '../field-readers.js';
import { readJsonElements } from '../json-body.js';
import { mainlandNumber } from '../phone-number.js';
import type { JsonObject, ReceiptContext, ReceiptType, Unreadable } from '../provider.js';
import { unknownFields } from '../unknown-fields.js';
import { unreadable, unreadableField } from '../unreadable.js';
import { cardMessage } from './message.js';
import { MAPPING_REVISION, RENDER_STATUSES } from './status-map.js';

const TYPE = 'io.quittance.message.status-reported.v1';

/**
 * A card message was rendered on a handset. HTTP: https://help.aliyun.com/zh/sms/developer-reference/mnscardvender, queue:
 * https://help.aliyun.com/zh/sms/developer-reference/mnscardvender-1. It says neither when nor under which id of the
 * vendor: only the caller's own id and the handset tell one message from another.
 */
export interface MnsCardVender {
  /** The handset, 11 digits. */
  readonly mobile: string;
  /** The caller's own id: text over HTTP, an integer in queues. */
  readonly outId: string | number;
  /** 0: rendered; a number or text, whichever page one believes. */
  readonly render_status: string | number;
  readonly desc?: string;
}

const KNOWN: ReadonlySet<string> = new Set<keyof MnsCardVender>(['mobile', 'outId', 'render_status', 'desc']);

const CHARACTERISTIC = ['render_status', 'mobile', 'outId'] as const;

/** `MnsCardVender` (the vendor's spelling). */
export const mnsCardVender: ReceiptType = {
  name: 'MnsCardVender',
  channel: 'card-sms',
  deadline: 500,
  readElements: readJsonElements,
  map: mapMnsCardVender,
};

function mapMnsCardVender(received: JsonObject, context: ReceiptContext): CanonicalEvent<typeof TYPE> | Unreadable {
  const element = withTrimmedKeys(received);
  const reference = idText(element.outId);
  const recipientRaw = idText(element.mobile);
  if (reference === null || recipientRaw === null) {
    if (!hasAny(element, CHARACTERISTIC)) return unreadable('RECEIPT_TYPE_MISMATCH', 'no key of an MnsCardVender');
    return reference === null ? unreadableField('outId', element.outId) : unreadableField('mobile', element.mobile);
  }
  const extra = unknownFields(element, KNOWN);
  if (extra === null) return unreadable('ELEMENT_TOO_DEEP', 'a field is nested too deep');

  const recipient = mainlandNumber(recipientRaw);
  const providerStatus = idText(element.render_status);
  const status = (providerStatus === null ? undefined : RENDER_STATUSES.get(providerStatus)) ?? 'unknown';
  const explanation = status === 'unknown' ? 'unknown' : null;
  const { account, identity } = context;
  const message = cardMessage(reference, recipient);
  const messageKey = identity.messageKey('alibaba', account, message);
  return {
    id: identity.eventId(TYPE, 'alibaba', account, [...message, providerStatus]),
    type: TYPE,
    source: context.source,
    subject: messageKey,
    time: context.observedAt,
    receiptId: context.receiptId,
    data: {
      provider: 'alibaba',
      account,
      channel: 'card-sms',
      labels: context.labels,
      messageKey,
      messageId: null,
      sender: null,
      recipient: recipient.e164,
      recipientRaw: storableOrNull(recipientRaw),
      recipientUserId: null,
      segment: null,
      segmentCount: null,
      status,
      final: status !== 'unknown',
      reason: explanation,
      retry: explanation,
      reportedBy: 'provider',
      providerStatus: storableOrNull(providerStatus),
      providerCode: null,
      providerDescription: storableOrNull(textOf(element.desc)),
      reference: storableOrNull(reference),
      sentAt: null,
      occurredAt: context.observedAt,
      occurredAtFrom: 'observed',
      mappingRevision: MAPPING_REVISION,
      extra,
    },
  };
}
