import { internationalNumber } from '../phone-number.js';
import type { IdentifySubmission } from '../submission.js';

/** What a message is known by: each recipient has an smsMsgId of its own. For ever: another list is another message. */
export function message(messageId: string): readonly string[] {
  return [messageId];
}

/** smsMsgId. */
export const smsSubmission: IdentifySubmission = ({ messageId, recipient }) => ({
  identity: message(messageId),
  recipient: certainNumber(recipient),
});

/**
 * E.164 where the number says its country. The product serves the whole world, so 11 bare digits that begin with 1 may
 * be a mainland mobile or a number in North America.
 */
export function certainNumber(text: string): string | null {
  return text.startsWith('+') || text.startsWith('00') ? internationalNumber(text).e164 : null;
}
