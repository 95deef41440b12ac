import type { Channel } from '#contracts';
import { idText } from '../field-readers.js';
import { internationalNumber } from '../phone-number.js';
import type { JsonObject } from '../provider.js';
import { readField } from './chat-app-receipt.js';

/** A person on a chat app. */
export interface ChatAppPerson {
  /** What keys are made of: the user id, else E.164, else what was written. */
  readonly id: string;
  /** The address as the provider wrote it; null where there is only a user id. */
  readonly raw: string | null;
  readonly e164: string | null;
  readonly userId: string | null;
}

/**
 * Names of WhatsApp's business-scoped user id: pages of September 2026 say `FromUserId`, those of October 2026 `UserId`,
 * for the person in either direction.
 */
export const USER_ID_FIELDS = ['FromUserId', 'UserId'] as const;

/** Apps whose addresses are ids of their own. They may look like telephone numbers and never are. */
const WITHOUT_NUMBERS: ReadonlySet<Channel> = new Set<Channel>(['messenger', 'instagram']);

/**
 * Reads the person that a message went to or came from.
 * @param addressField the key that holds the address: `To` of a status, `From` of an inbound message
 * @returns the person, null if nothing tells who it is; and names of user id fields that contradict the one that was taken
 */
export function readPerson(
  element: JsonObject,
  addressField: string,
  channel: Channel,
): { readonly person: ChatAppPerson | null; readonly unread: readonly string[] } {
  const raw = idText(element[addressField]);
  const { text, unread } = readField(element, USER_ID_FIELDS, idText);
  if (raw === null) return { person: text === null ? null : { id: text, raw, e164: null, userId: text }, unread };
  const number = WITHOUT_NUMBERS.has(channel) ? null : internationalNumber(raw);
  // WhatsApp and Viber address people by number; where something else stands, it is the app's own id.
  const userId = text ?? (number === null || /\D/.test(number.canonical) ? raw : null);
  const e164 = number?.e164 ?? null;
  return { person: { id: userId ?? e164 ?? number?.canonical ?? raw, raw, e164, userId }, unread };
}
