import { internationalNumber, mainlandNumber, type PhoneNumber } from '../phone-number.js';

/**
 * `mobile` of a receipt. Messages to mainland China have a `channel_type` that begins with `CN_`; abroad the form of
 * numbers is not documented, so they are certain only with a plus or 00 in front.
 */
export function numberOf(mobile: string, channelType: string | null): PhoneNumber {
  if (channelType?.toUpperCase().startsWith('CN_') === true) return mainlandNumber(mobile);
  const { canonical, e164 } = internationalNumber(mobile);
  return { canonical, e164: mobile.startsWith('+') || mobile.startsWith('00') ? e164 : null };
}
