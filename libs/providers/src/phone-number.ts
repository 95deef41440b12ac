import { numberDigits } from '#contracts';

/** A telephone number as two things: what keys are made of, and what may be shown as certain. */
export interface PhoneNumber {
  /**
   * The same text for every way to write the same number: the digits of `e164`, so that `138…` in mainland China and
   * `+1 38…` in North America are two people; where the country is not certain, the digits as they came. A text that
   * holds anything but digits and separators (a mask such as `138****0001`, an alias) stays itself, because two masked
   * people are not one person.
   */
  readonly canonical: string;
  /** E.164, only where the country is certain. */
  readonly e164: string | null;
}

const MAINLAND_DIGITS = 11;

/** E.164 allows 15 digits; fewer than 4 are short codes, which it does not number. */
const INTERNATIONAL = /^\+[1-9]\d{3,14}$/;

/**
 * Reads a number reported by a product that serves mainland China only. 11 digits that start with 1 are a mainland
 * mobile number, with or without `86`, `+86` or `0086` before them. Of others only those with a `+` have a sure country.
 */
export function mainlandNumber(text: string): PhoneNumber {
  const digits = numberDigits(text);
  if (digits === null) return { canonical: text, e164: null };
  // With a plus, 11 digits that start with 1 are a number in North America.
  const mobile = text.startsWith('+') && !digits.startsWith('86') ? null : mainlandMobile(digits);
  if (mobile !== null) return { canonical: `86${mobile}`, e164: `+86${mobile}` };
  const international = `+${digits}`;
  return {
    canonical: digits,
    e164: text.startsWith('+') && INTERNATIONAL.test(international) ? international : null,
  };
}

/**
 * Reads a number of a product that always writes the country code, with `+`, with `00` or with nothing before it. So its
 * country is certain, unless the digits cannot be a number in E.164 at all.
 */
export function internationalNumber(text: string): PhoneNumber {
  const digits = numberDigits(text);
  if (digits === null) return { canonical: text, e164: null };
  const number = digits.startsWith('00') && !text.startsWith('+') ? digits.slice(2) : digits;
  const e164 = `+${number}`;
  return INTERNATIONAL.test(e164) ? { canonical: number, e164 } : { canonical: digits, e164: null };
}

/** The 11 digits of a mainland mobile number, or null. */
function mainlandMobile(digits: string): string | null {
  const prefix = digits.length - MAINLAND_DIGITS;
  if (prefix === 0) return digits.startsWith('1') ? digits : null;
  if (prefix === 2) return digits.startsWith('861') ? digits.slice(2) : null;
  if (prefix === 4) return digits.startsWith('00861') ? digits.slice(4) : null;
  return null;
}
