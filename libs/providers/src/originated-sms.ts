import { storableText, type CanonicalEvent, type ProviderId } from '#contracts';
import { storableOrNull } from './event-values.js';
import { keywordOf } from './keywords.js';
import type { PhoneNumber } from './phone-number.js';
import type { ReceiptContext } from './provider.js';

const TYPE = 'io.quittance.message.originated.v1';

/** What a provider's receipt says of an SMS that a person has sent. Texts are as they came: they are made storable here. */
export interface OriginatedSms {
  readonly provider: ProviderId;
  /** The provider's own values that tell it from every other, trimmed and unmapped. */
  readonly identifiedBy: readonly (string | null)[];
  readonly originId: string | null;
  readonly sender: PhoneNumber;
  readonly senderRaw: string;
  readonly addressee: string | null;
  /** Null: there is none, or it is no text. */
  readonly text: string | null;
  readonly smsSignature: string | null;
  /** When the provider says that it was sent or received; RFC 3339. Null: it does not say, or nothing plausible. */
  readonly providerTime: string | null;
  readonly extra: CanonicalEvent<typeof TYPE>['data']['extra'];
}

/** The event that an SMS from a person is; without a time of the provider's it happened when it was observed. */
export function originatedSms(sms: OriginatedSms, context: ReceiptContext): CanonicalEvent<typeof TYPE> {
  const { provider, sender, text, providerTime } = sms;
  const { account, identity } = context;
  const personKey = identity.personKey('sms', sender.e164 ?? sender.canonical);
  const occurredAt = providerTime ?? context.observedAt;
  return {
    id: identity.eventId(TYPE, provider, account, sms.identifiedBy),
    type: TYPE,
    source: context.source,
    subject: personKey,
    time: occurredAt,
    receiptId: context.receiptId,
    data: {
      provider,
      account,
      channel: 'sms',
      labels: context.labels,
      personKey,
      originId: storableOrNull(sms.originId),
      sender: sender.e164,
      senderRaw: storableText(sms.senderRaw),
      senderUserId: null,
      senderName: null,
      addressee: storableOrNull(sms.addressee),
      content: {
        kind: text === null ? 'unknown' : 'text',
        text: storableOrNull(text),
        media: null,
        location: null,
        reply: null,
      },
      smsSignature: storableOrNull(sms.smsSignature),
      keyword: text === null ? null : keywordOf(text),
      occurredAt,
      occurredAtFrom: providerTime === null ? 'observed' : 'provider',
      extra: sms.extra,
    },
  };
}
