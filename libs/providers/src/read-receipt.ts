import type { CanonicalEvent } from '#contracts';
import { isUnreadable, type JsonObject, type Provider, type ReceiptContext, type ReceiptType } from './provider.js';
import type { Unreadable } from './provider.js';
import { unreadable } from './unreadable.js';

/** Something that can never become an event, with the bytes to look at and to redrive. */
export interface UnreadPart extends Unreadable {
  /** Index of the element in the body, from 0; null if the body as a whole failed. */
  readonly element: number | null;
  readonly value: Buffer;
}

/** What a receipt became. Every element is in exactly one of both lists. */
export interface ReadReceipt {
  readonly events: readonly CanonicalEvent[];
  readonly deadLetters: readonly UnreadPart[];
  /** How many elements the body had; 0 if it could not be taken apart. */
  readonly elements: number;
}

/**
 * Reads a receipt element by element: a bad one becomes a dead letter with its own bytes, the others go on.
 * Deterministic; never throws on any body.
 * @param body unpacked
 */
export function readReceipt(provider: Provider, type: ReceiptType, body: Buffer, context: ReceiptContext): ReadReceipt {
  const parts = provider.readElements(body);
  if (isUnreadable(parts)) {
    return { events: [], deadLetters: [{ ...parts, element: null, value: body }], elements: 0 };
  }
  const events: CanonicalEvent[] = [];
  const deadLetters: UnreadPart[] = [];
  parts.elements.forEach((element, index) => {
    const outcome = isJsonObject(element) ? type.map(element, context) : notAnObject(element);
    if (isUnreadable(outcome)) {
      deadLetters.push({ ...outcome, element: index, value: parts.bytesOf(index) });
    } else {
      events.push(outcome);
    }
  });
  return { events, deadLetters, elements: parts.elements.length };
}

function isJsonObject(element: unknown): element is JsonObject {
  return typeof element === 'object' && element !== null && !Array.isArray(element) && !JSON.isRawJSON(element);
}

function notAnObject(element: unknown): Unreadable {
  if (Array.isArray(element)) return unreadable('ELEMENT_NOT_OBJECT', 'the element is an array');
  if (element === null) return unreadable('ELEMENT_NOT_OBJECT', 'the element is null');
  return unreadable('ELEMENT_NOT_OBJECT', `the element is a ${typeof element === 'object' ? 'number' : typeof element}`);
}
