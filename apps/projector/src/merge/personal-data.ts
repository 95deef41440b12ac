import type { AccountStatusReported, MessageOriginated } from '#contracts';
import type { ErasureRules } from './erasure.js';
import type { MessageFact } from './message-fact.js';
import { personIdentifiers } from './person-identifiers.js';

/** Stands in the place of the id of a person, where the contract wants a text. */
export const ERASED = 'erased';

const OF_MESSAGE = ['recipient', 'recipientRaw', 'recipientUserId', 'reference'] as const;
const OF_ORIGINATED = ['sender', 'senderRaw', 'senderUserId', 'senderName', 'addressee'] as const;

/**
 * A message is one thing: a report that does not name the person is about them, if another one names them. `sender` is
 * the business's; the reference is the caller's, and may be anything.
 */
export const MESSAGE_ERASURE: ErasureRules<MessageFact> = {
  together: true,
  personsIn: (data) =>
    personIdentifiers({
      channel: data.channel,
      number: data.recipient ?? null,
      raw: ('recipientRaw' in data ? data.recipientRaw : null) ?? null,
      userId: ('recipientUserId' in data ? data.recipientUserId : null) ?? null,
    }),
  scrub: (data) => ({ ...withNull(data, OF_MESSAGE), ...('extra' in data ? { extra: {} } : {}) }),
};

/** An extension that was answered may stand for one person, so the addressee goes too. That it was a stop stays. */
export const ORIGINATED_ERASURE: ErasureRules<MessageOriginated> = {
  together: true,
  personsIn: ({ channel, sender, senderRaw, senderUserId }) =>
    personIdentifiers({
      channel,
      number: sender ?? null,
      raw: senderRaw ?? null,
      userId: senderUserId ?? null,
    }),
  scrub: (data) => ({
    ...withNull(data, OF_ORIGINATED),
    content: withNull(data.content, ['text', 'media', 'location', 'reply']),
    extra: {},
  }),
};

/** Consent goes on for as long as the person is there: each notice is for itself. Other subjects are no persons. */
export const ACCOUNT_ERASURE: ErasureRules<AccountStatusReported> = {
  together: false,
  personsIn: ({ channel, subject: { kind, id } }) => {
    if (kind !== 'person') return [];
    const number = id.startsWith('+') ? id : null;
    // The id is a number or an app's id, and does not say which.
    return [
      ...personIdentifiers({ channel, number, raw: number === null ? id : null, userId: null }),
      ...personIdentifiers({ channel, number: null, raw: null, userId: id }),
    ];
  },
  scrub: (data) => ({ ...data, subject: { ...data.subject, id: ERASED }, extra: {} }),
};

/** The object with null in these fields, as far as it has them. */
function withNull<T extends object>(data: T, names: readonly string[]): T {
  const there = names.filter((name) => name in data);
  return { ...data, ...Object.fromEntries(there.map((name) => [name, null])) };
}
