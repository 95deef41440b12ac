import { storableText, type CanonicalEvent } from '#contracts';
import { epochMillisecondsToUtc } from '../epoch-time.js';
import { idText, isPresent, textOf, withTrimmedKeys } from '../field-readers.js';
import { readJsonElements } from '../json-body.js';
import { plausible } from '../plausible-time.js';
import { isUnreadable, type JsonObject, type ReceiptContext, type ReceiptType, type Unreadable } from '../provider.js';
import { unknownFields, withUnreadField } from '../unknown-fields.js';
import { unreadable, unreadableField } from '../unreadable.js';
import { readOutcome } from './chat-app-outcome.js';
import { readPerson } from './chat-app-person.js';
import { CHAT_APP_DEADLINE, refuseOther } from './chat-app-receipt.js';
import { businessSender } from './chat-app-sender.js';
import { CHAT_APP_MAPPING_REVISION, CHAT_APP_SUBSCRIPTIONS } from './chat-app-status-map.js';
import { subscriptionEvent } from './chat-app-subscription.js';
import { chatAppMessage } from './message.js';
import { storableOrNull } from '../event-values.js';

const TYPE = 'io.quittance.message.status-reported.v1';

/**
 * What became of a message on a chat app, or (Viber) a person's consent. Queue:
 * https://www.alibabacloud.com/help/en/chatapp/developer-reference/chatappstatus, HTTP: chatappstatus-1 beside it. What
 * is not named here (conversation, template, frame type, ...) goes to `extra` under the vendor's name, also the expiry of
 * the conversation, which editions spell `ConversionExpirationTime` and `ConversationExpirationTime`.
 */
export interface ChatAppStatus {
  /** The id that SendChatappMessage answered. */
  readonly MessageId: string;
  /** The business number, page or service. */
  readonly From: string;
  /** The person: country code and number, with or without `+`; on Messenger and Instagram an id. */
  readonly To?: string;
  /** Unix ms; the oldest generation writes it as text. */
  readonly Timestamp: number | string;
  /** chat-app-status-map.ts */
  readonly Status: string;
  /** Not in the samples of HTTP. */
  readonly StatusDescription?: string;
  /** The app's code. The oldest generation calls it `Error`. */
  readonly ErrorCode?: string;
  readonly Error?: string;
  /** `code:text` */
  readonly ErrorDescription?: string;
  /** The caller's own id; `MessageId` when none was given. */
  readonly TaskId?: string;
  /** WhatsApp's business-scoped id of the person; some pages call it `UserId`. */
  readonly FromUserId?: string;
  readonly UserId?: string;
}

const FIELDS = [
  'MessageId',
  'From',
  'To',
  'Timestamp',
  'Status',
  'StatusDescription',
  'ErrorCode',
  'Error',
  'ErrorDescription',
  'TaskId',
  'FromUserId',
  'UserId',
] as const satisfies readonly (keyof ChatAppStatus)[];

const KNOWN: ReadonlySet<string> = new Set(FIELDS);

/** `ChatAppStatus`. */
export const chatAppStatus: ReceiptType = {
  name: 'ChatAppStatus',
  channel: null,
  deadline: CHAT_APP_DEADLINE,
  readElements: readJsonElements,
  map: mapChatAppStatus,
};

function mapChatAppStatus(received: JsonObject, context: ReceiptContext): CanonicalEvent | Unreadable {
  const element = withTrimmedKeys(received);
  const other = refuseOther(element, 'ChatAppStatus', FIELDS);
  if (other !== null) return other;
  const providerStatus = textOf(element.Status);
  if (providerStatus === null) return unreadableField('Status', element.Status);
  if (CHAT_APP_SUBSCRIPTIONS.has(providerStatus.toLowerCase())) {
    return subscriptionEvent(element, providerStatus.toLowerCase(), context);
  }
  const messageId = idText(element.MessageId);
  if (messageId === null) return unreadableField('MessageId', element.MessageId);

  const from = idText(element.From);
  const sender = businessSender([from], 'From', context);
  if (isUnreadable(sender)) return sender;
  const { person, unread } = readPerson(element, 'To', sender.channel);
  const outcome = readOutcome(element, providerStatus);

  let extra = unknownFields(element, KNOWN);
  if (extra === null) return unreadable('ELEMENT_TOO_DEEP', 'a field is nested too deep');
  const reportedAt = plausible(epochMillisecondsToUtc(element.Timestamp), context);
  if (reportedAt === null && isPresent(element.Timestamp)) {
    extra = withUnreadField(extra, 'Timestamp', element.Timestamp);
  }
  for (const name of [...unread, ...outcome.unread]) extra = withUnreadField(extra, name, element[name]);

  const { account, identity } = context;
  const messageKey = identity.messageKey('alibaba', account, chatAppMessage(messageId));
  const occurredAt = reportedAt ?? context.observedAt;
  return {
    id: identity.eventId(TYPE, 'alibaba', account, [messageId, providerStatus.toLowerCase()]),
    type: TYPE,
    source: context.source,
    subject: messageKey,
    time: occurredAt,
    receiptId: context.receiptId,
    data: {
      provider: 'alibaba',
      account,
      channel: sender.channel,
      labels: sender.labels,
      messageKey,
      messageId: storableText(messageId),
      sender: storableOrNull(from),
      recipient: person?.e164 ?? null,
      recipientRaw: storableOrNull(person?.raw ?? null),
      recipientUserId: storableOrNull(person?.userId ?? null),
      segment: null,
      segmentCount: null,
      status: outcome.status,
      final: outcome.final,
      reason: outcome.reason,
      retry: outcome.retry,
      reportedBy: outcome.reportedBy,
      providerStatus: storableText(providerStatus),
      providerCode: storableOrNull(outcome.code),
      providerDescription: storableOrNull(outcome.description),
      reference: storableOrNull(idText(element.TaskId)),
      sentAt: outcome.status === 'sent' ? reportedAt : null,
      occurredAt,
      occurredAtFrom: reportedAt === null ? 'observed' : 'provider',
      mappingRevision: CHAT_APP_MAPPING_REVISION,
      extra,
    },
  } satisfies CanonicalEvent<typeof TYPE>;
}
