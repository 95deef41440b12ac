import { parseJson } from '#contracts';
import type { JsonObject } from './provider.js';
import { unknownFields } from './unknown-fields.js';

const NOTHING_KNOWN: ReadonlySet<string> = new Set();

/**
 * A structured value that some doors send as JSON text: an object or array is itself, text that holds one becomes it
 * (with every digit of its numbers). Everything else, and text that is nested too deep, is given back as it came.
 */
export function embeddedJson(value: unknown): unknown {
  if (typeof value !== 'string' || !/^\s*[[{]/.test(value)) return value;
  try {
    const parsed = parseJson(value);
    return unknownFields({ parsed } satisfies JsonObject, NOTHING_KNOWN) === null ? value : parsed;
  } catch {
    // No JSON, or so deep that reading it exactly overflows the stack.
    return value;
  }
}
