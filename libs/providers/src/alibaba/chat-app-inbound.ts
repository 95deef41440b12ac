import { storableText, type CanonicalEvent, type Extra } from '#contracts';
import { epochMillisecondsToUtc } from '../epoch-time.js';
import { idText, isPresent, textOf, withTrimmedKeys } from '../field-readers.js';
import { readJsonElements } from '../json-body.js';
import { keywordOf } from '../keywords.js';
import { plausible } from '../plausible-time.js';
import { isUnreadable, type JsonObject, type ReceiptContext, type ReceiptType, type Unreadable } from '../provider.js';
import { unknownFields, withUnreadField } from '../unknown-fields.js';
import { unreadable, unreadableField } from '../unreadable.js';
import { readContent } from './chat-app-content.js';
import { readPerson } from './chat-app-person.js';
import { CHAT_APP_DEADLINE, readField, refuseOther } from './chat-app-receipt.js';
import { businessSender } from './chat-app-sender.js';
import { storableOrNull } from '../event-values.js';

const TYPE = 'io.quittance.message.originated.v1';

/**
 * A person's message on a chat app. HTTP: https://www.alibabacloud.com/help/en/chatapp/developer-reference/chatappinbound,
 * queue: https://www.alibabacloud.com/help/ja/chatapp/developer-reference/chatappinbound-1. Everything else
 * (`DisplayName`, `CustSpaceId`, `WabaId`, `NoticeType`, `FromParentUserId`, ...) goes to `extra`.
 */
export interface ChatAppInbound {
  readonly MessageId: string;
  /** The person; absent where only a user id is known. */
  readonly From?: string;
  /** The business number, page or service. */
  readonly To: string;
  /** Unix ms. Two samples write the key with a space behind it. */
  readonly Timestamp: number | string;
  /** chat-app-content.ts */
  readonly Type: string;
  /** Text, or a JSON document, encoded as text or not. */
  readonly Message: string | JsonObject;
  /** The person's profile name. */
  readonly Name?: string;
  /** The same since 2026; some pages call it `UserName`. */
  readonly FromUserName?: string;
  readonly UserName?: string;
  /** WhatsApp's business-scoped id of the person; some pages call it `UserId`. */
  readonly FromUserId?: string;
  readonly UserId?: string;
}

const FIELDS = [
  'MessageId',
  'From',
  'To',
  'Timestamp',
  'Type',
  'Message',
  'Name',
  'FromUserName',
  'UserName',
  'FromUserId',
  'UserId',
] as const satisfies readonly (keyof ChatAppInbound)[];

const KNOWN: ReadonlySet<string> = new Set(FIELDS);
const NO_KEYS: ReadonlySet<string> = new Set();

/** `ChatAppInbound`. */
export const chatAppInbound: ReceiptType = {
  name: 'ChatAppInbound',
  channel: null,
  deadline: CHAT_APP_DEADLINE,
  readElements: readJsonElements,
  map: mapChatAppInbound,
};

function mapChatAppInbound(received: JsonObject, context: ReceiptContext): CanonicalEvent | Unreadable {
  const element = withTrimmedKeys(received);
  const other = refuseOther(element, 'ChatAppInbound', FIELDS);
  if (other !== null) return other;
  const originId = idText(element.MessageId);
  if (originId === null) return unreadableField('MessageId', element.MessageId);
  const addressee = idText(element.To);
  const business = businessSender([addressee], 'To', context);
  if (isUnreadable(business)) return business;
  const { person, unread } = readPerson(element, 'From', business.channel);
  if (person === null) return unreadableField('From', element.From);

  const type = textOf(element.Type);
  const { Message: message, ...others } = element;
  const { content, unread: unreadMessage } = readContent(type, message);
  const messageExtra = extraOfMessage(message, unreadMessage);
  const otherExtra = unknownFields(others, KNOWN);
  if (messageExtra === null || otherExtra === null) return unreadable('ELEMENT_TOO_DEEP', 'a field is nested too deep');
  let extra: Extra = { ...otherExtra, ...messageExtra };
  // `unknown` does not say which type it was.
  if (content.kind === 'unknown' && type !== null) extra = withUnreadField(extra, 'Type', element.Type);
  const name = readField(element, ['Name', 'FromUserName', 'UserName']);
  for (const field of [...unread, ...name.unread]) extra = withUnreadField(extra, field, element[field]);
  const sentAt = plausible(epochMillisecondsToUtc(element.Timestamp), context);
  if (sentAt === null && isPresent(element.Timestamp)) extra = withUnreadField(extra, 'Timestamp', element.Timestamp);

  const { account, identity } = context;
  const personKey = identity.personKey(business.channel, person.id);
  const occurredAt = sentAt ?? context.observedAt;
  return {
    id: identity.eventId(TYPE, 'alibaba', account, [originId]),
    type: TYPE,
    source: context.source,
    subject: personKey,
    time: occurredAt,
    receiptId: context.receiptId,
    data: {
      provider: 'alibaba',
      account,
      channel: business.channel,
      labels: business.labels,
      personKey,
      originId: storableText(originId),
      sender: person.e164,
      senderRaw: storableOrNull(person.raw),
      senderUserId: storableOrNull(person.userId),
      senderName: storableOrNull(name.text),
      addressee: storableOrNull(addressee),
      content,
      smsSignature: null,
      keyword: content.text === null ? null : keywordOf(content.text),
      occurredAt,
      occurredAtFrom: sentAt === null ? 'observed' : 'provider',
      extra,
    },
  } satisfies CanonicalEvent<typeof TYPE>;
}

/**
 * What of `Message` goes to `extra`; null if it is nested too deep. A document inside a text may be as deep as it likes:
 * then the text itself is kept, which is not deep at all.
 */
function extraOfMessage(message: unknown, unread: unknown): Extra | null {
  if (unread === undefined) return {};
  const extra = unknownFields({ Message: unread }, NO_KEYS);
  return extra === null && typeof message === 'string' ? unknownFields({ Message: message }, NO_KEYS) : extra;
}
