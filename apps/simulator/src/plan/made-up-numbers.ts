/** Eleven digits of the mainland, of the 10,000 that nobody here means anybody by. */
export function mainlandNumber(index: number): string {
  return `1380000${String(index % 10_000).padStart(4, '0')}`;
}

/** The same with country code, as E.164 writes it. */
export function mainlandE164(index: number): string {
  return `+86${mainlandNumber(index)}`;
}

/**
 * Country and national number of numbers that are kept for fiction: 07700 900000 to 900999 in the United Kingdom
 * (https://www.ofcom.org.uk/phones-and-broadband/phone-numbers/numbers-for-drama), 202-555-0100 to 0199 in Washington.
 */
export function foreignNumber(index: number): { readonly country: string; readonly national: string } {
  return index % 3 === 0
    ? { country: '1', national: `2025550${String(100 + (index % 100))}` }
    : { country: '44', national: `7700900${String(index % 1_000).padStart(3, '0')}` };
}

/** Country code and number, without a plus. */
export function foreignDigits(index: number): string {
  const { country, national } = foreignNumber(index);
  return country + national;
}
