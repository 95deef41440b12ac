import { internationalNumber, mainlandNumber, type PhoneNumber } from '../phone-number.js';

/**
 * A telephone number that comes as country code and national number: `86`, `13800000000`. A plus in front of the code
 * and a national number that repeats it (`+8613800000000`) are taken too. Without a code, as in the oldest replies, it
 * is a number of the mainland product.
 */
export function splitNumber(code: string | null, national: string): PhoneNumber {
  if (national.startsWith('+')) return internationalNumber(national);
  const country = code?.replace(/^(?:\+|00)/, '') ?? '';
  if (country === '') return mainlandNumber(national);
  const repeated = country === '86' && /^861\d{10}$/.test(national);
  return internationalNumber(repeated ? `+${national}` : `+${country}${national}`);
}
