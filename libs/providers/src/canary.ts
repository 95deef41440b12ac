/**
 * A report that is sent to see whether reports arrive. It is about a message that nobody sent: its id begins with this,
 * and by that whoever counts messages knows it (docs/decisions/0031-canaries-are-messages-of-their-own.md).
 */
export const CANARY_PREFIX = 'quittance-canary-';

/** The number that canaries name where a receipt must name one: `10` begins no mobile number of mainland China. */
export const CANARY_NUMBER = '10000000000';

/** What a canary is made of. */
export interface CanaryParts {
  /** Id of the message; begins with `CANARY_PREFIX`. */
  readonly messageId: string;
  /** Unix ms. */
  readonly at: number;
  /** A business number or page that the configuration lists; null: it lists none. */
  readonly sender: string | null;
}

/** A push as the provider would send it. */
export interface Canary {
  readonly contentType: string;
  readonly body: string;
}

/** Makes a report of a delivery, in the provider's own words. */
export type MakeCanary = (parts: CanaryParts) => Canary;

/** Where a provider's console asks for the address. */
export interface ConsolePage {
  /** The way through the console. */
  readonly where: string;
  /** The vendor's page that describes it. */
  readonly page: string;
}

/** `yyyy-MM-dd HH:mm:ss` in a time zone, as most providers write times. */
export function localTimeText(at: number, timeZone: string): string {
  // Sweden writes times as ISO 8601 does.
  return new Date(at).toLocaleString('sv-SE', { timeZone });
}
