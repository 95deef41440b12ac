/**
 * JSON without loss. A double holds integers up to 2^53 only, and providers send larger ones as bare numbers. V8 can
 * hand out the source text of a number, but that makes parsing six times slower, so it is asked for only where the
 * text holds a number that could be hurt.
 */

/**
 * A number token at the start, after a key, `[` or `,` with 16 digits or more, a fraction, an exponent, or the value -0.
 * Strings may match: harmless, as long as it is not what every text holds, such as a time with milliseconds.
 */
const FRAGILE_NUMBER = /(?:^|"\s*:|[[,])\s*(?:-?(?:\d{16}|\d+[.eE])|-0)/;

/** What `parseJson` leaves in place of a number that a double would change. `JSON.stringify` writes it as it was. */
export interface ExactNumber {
  /** The digits as they stood in the text. */
  readonly rawJSON: string;
}

declare global {
  // Node 22 and later have it; the library of TypeScript 6 does not know it yet.
  interface JSON {
    rawJSON(source: string): ExactNumber;
    isRawJSON(value: unknown): value is ExactNumber;
  }
}

interface SourceContext {
  readonly source?: string;
}

/**
 * Parses JSON; every number survives `JSON.stringify` unchanged.
 * @throws SyntaxError
 */
export function parseJson(text: string): unknown {
  if (!FRAGILE_NUMBER.test(text)) return JSON.parse(text);
  return JSON.parse(text, keepExactNumber as (key: string, value: unknown) => unknown);
}

function keepExactNumber(_key: string, value: unknown, context: SourceContext): unknown {
  if (typeof value !== 'number' || context.source === undefined || String(value) === context.source) return value;
  return JSON.rawJSON(context.source);
}

/** Whether a parsed value stands for a number that a double would have changed. */
export function isExactNumber(value: unknown): value is ExactNumber {
  return typeof value === 'object' && value !== null && JSON.isRawJSON(value);
}
