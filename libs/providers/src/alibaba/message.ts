import { internationalNumber, type PhoneNumber } from '../phone-number.js';
import { submittedNumber, type IdentifySubmission } from '../submission.js';
import { unreadable } from '../unreadable.js';

/**
 * What a message is known by, product by product. Receipts and submissions meet because both come here. The lists are for
 * ever: another list is another message.
 */

/** An SMS: SendBatchSms answers one id for all of its recipients. */
export function smsMessage(messageId: string, recipient: PhoneNumber): readonly string[] {
  return [messageId, recipient.canonical];
}

/** A card: its receipts name no id of the vendor, only the caller's own. */
export function cardMessage(reference: string, recipient: PhoneNumber): readonly string[] {
  return ['card', reference, recipient.canonical];
}

/** A message by a chat app. */
export function chatAppMessage(messageId: string): readonly string[] {
  return [messageId];
}

/** BizId or MessageId, and the recipient. */
export const smsSubmission: IdentifySubmission = ({ messageId, recipient }) => {
  const number = submittedNumber(recipient);
  return { identity: smsMessage(messageId, number), recipient: number.e164 };
};

/** OutId, and the handset. */
export const cardSubmission: IdentifySubmission = ({ recipient, reference }) => {
  if (reference === null) return unreadable('FIELD_MISSING', 'reference: receipts of cards name nothing else');
  const number = submittedNumber(recipient);
  return { identity: cardMessage(reference, number), recipient: number.e164 };
};

/** MessageId. Chat apps that have numbers write them with the country code. */
export const numberedChatAppSubmission: IdentifySubmission = ({ messageId, recipient }) => ({
  identity: chatAppMessage(messageId),
  recipient: internationalNumber(recipient).e164,
});

/** MessageId. What these apps call a person may look like a number and never is. */
export const namedChatAppSubmission: IdentifySubmission = ({ messageId }) => ({
  identity: chatAppMessage(messageId),
  recipient: null,
});
