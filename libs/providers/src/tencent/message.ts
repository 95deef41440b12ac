import type { PhoneNumber } from '../phone-number.js';
import { submittedNumber, type IdentifySubmission } from '../submission.js';

/** What a message is known by. For ever: another list is another message. */
export function message(serialNumber: string, recipient: PhoneNumber): readonly string[] {
  return [serialNumber, recipient.canonical];
}

/** SerialNo and the recipient. */
export const smsSubmission: IdentifySubmission = ({ messageId, recipient }) => {
  const number = submittedNumber(recipient);
  return { identity: message(messageId, number), recipient: number.e164 };
};
