import { storableText, type CanonicalEvent } from '#contracts';
import { epochMillisecondsToUtc } from '../epoch-time.js';
import { idText, isPresent } from '../field-readers.js';
import { internationalNumber } from '../phone-number.js';
import { plausible } from '../plausible-time.js';
import { isUnreadable, type JsonObject, type ReceiptContext, type Unreadable } from '../provider.js';
import { unknownFields, withUnreadField } from '../unknown-fields.js';
import { unreadable, unreadableField } from '../unreadable.js';
import { readPerson } from './chat-app-person.js';
import { businessSender } from './chat-app-sender.js';

const TYPE = 'io.quittance.account.status-reported.v1';

/** The contract has no place for who asks for consent, nor for the message id: they stay in `extra` with the rest. */
const KNOWN: ReadonlySet<string> = new Set(['Status', 'Timestamp']);

/**
 * A person's consent to messages of one Viber service, which comes as a `ChatAppStatus`. The aggregate is the person at
 * that service: who leaves one service has not left another one of the same account.
 * @param value `subscribe` or `unsubscribe`
 */
export function subscriptionEvent(
  element: JsonObject,
  value: string,
  context: ReceiptContext,
): CanonicalEvent<typeof TYPE> | Unreadable {
  const from = idText(element.From);
  const sender = businessSender([from], 'From', context);
  if (isUnreadable(sender)) return sender;
  const { person } = readPerson(element, 'To', sender.channel);
  if (person === null) return unreadableField('To', element.To);

  let extra = unknownFields(element, KNOWN);
  if (extra === null) return unreadable('ELEMENT_TOO_DEEP', 'a field is nested too deep');
  const reportedAt = plausible(epochMillisecondsToUtc(element.Timestamp), context);
  if (reportedAt === null && isPresent(element.Timestamp)) {
    extra = withUnreadField(extra, 'Timestamp', element.Timestamp);
  }

  const { account, identity } = context;
  const occurredAt = reportedAt ?? context.observedAt;
  const messageId = idText(element.MessageId);
  const atService = JSON.stringify([person.id, from === null ? null : internationalNumber(from).canonical]);
  const subjectKey = identity.subjectKey('alibaba', account, 'person', atService, 'subscription');
  return {
    // Every status has a MessageId, the pages say; should consent, which is about no message, have none, time stands in.
    id: identity.eventId(
      TYPE,
      'alibaba',
      account,
      messageId === null ? [atService, occurredAt, value] : [messageId, value],
    ),
    type: TYPE,
    source: context.source,
    subject: subjectKey,
    time: occurredAt,
    receiptId: context.receiptId,
    data: {
      provider: 'alibaba',
      account,
      channel: sender.channel,
      labels: sender.labels,
      subjectKey,
      subject: { kind: 'person', id: storableText(person.id) },
      aspect: 'subscription',
      value,
      limit: null,
      reason: null,
      occurredAt,
      occurredAtFrom: reportedAt === null ? 'observed' : 'provider',
      extra,
    },
  };
}
