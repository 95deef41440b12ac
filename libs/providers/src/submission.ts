import type { Channel } from '#contracts';
import { internationalNumber, mainlandNumber, type PhoneNumber } from './phone-number.js';
import type { Unreadable } from './provider.js';

/** A message as the service that sent it names it. All texts are trimmed and not empty. */
export interface SubmittedMessage {
  readonly channel: Channel;
  /** What the provider answered. */
  readonly messageId: string;
  readonly recipient: string;
  readonly reference: string | null;
}

/** The same message as the receipts of its provider name it. */
export interface IdentifiedMessage {
  /** What `Identity.messageKey` is made of: made by the function that the provider's receipts use. */
  readonly identity: readonly string[];
  /** E.164 where the country is certain. */
  readonly recipient: string | null;
}

/** Finds out which message is meant, or what is missing to know it. Deterministic, never throws. */
export type IdentifySubmission = (message: SubmittedMessage) => IdentifiedMessage | Unreadable;

/**
 * A recipient as a sending service writes it: with `+` or `00` a number of any country. With neither it is read as the
 * products for mainland China read it, `138…` and `86138…` being the same person.
 */
export function submittedNumber(text: string): PhoneNumber {
  return text.startsWith('+') || text.startsWith('00') ? internationalNumber(text) : mainlandNumber(text);
}
