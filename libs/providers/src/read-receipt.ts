import { isExactNumber, type CanonicalEvent } from '#contracts';
import { isUnreadable, type JsonObject, type ReceiptContext, type ReceiptType } from './provider.js';
import type { Unreadable } from './provider.js';
import { unreadable } from './unreadable.js';

/** Something that can never become an event, with the bytes to look at and to redrive. */
export interface UnreadPart extends Unreadable {
  /** Index of the element in the body, from 0; null if the body as a whole failed. */
  readonly element: number | null;
  readonly value: Buffer;
}

/** What a receipt became. Every element is in exactly one of both lists, unless one dead letter stands for many. */
export interface ReadReceipt {
  readonly events: readonly CanonicalEvent[];
  readonly deadLetters: readonly UnreadPart[];
  /** How many elements the body had; 0 if it could not be taken apart. */
  readonly elements: number;
}

/**
 * Elements of one body that are put aside one by one. A dead letter is a kilobyte, most of it headers, so a body of two
 * bytes an element would otherwise become five hundred times its size; beyond this one dead letter stands for all.
 */
export const MAX_UNREAD_PARTS = 1_000;

/** What an event holds beside its element: keys, ids, names, labels. */
const OWN_BYTES = 64 * 1024;

/** The largest factor between an element and its part of the event: a doubled backslash in a name that stands twice. */
const GROWTH = 4;

/**
 * Reads a receipt element by element: a bad one becomes a dead letter with its own bytes, the others go on.
 * Deterministic; never throws on any body.
 * @param body unpacked
 * @param maxEventBytes an event whose JSON is larger becomes a dead letter, `ELEMENT_TOO_LARGE`
 */
export function readReceipt(
  type: ReceiptType,
  body: Buffer,
  context: ReceiptContext,
  maxEventBytes: number,
): ReadReceipt {
  const parts = type.readElements(body);
  if (isUnreadable(parts)) {
    return { events: [], deadLetters: [{ ...parts, element: null, value: body }], elements: 0 };
  }
  // Measuring an event means to write it as JSON, which costs as much as everything else here: only where it can matter.
  const measured = body.length * GROWTH + OWN_BYTES > maxEventBytes;
  const events: CanonicalEvent[] = [];
  const deadLetters: UnreadPart[] = [];
  for (let index = 0; index < parts.elements.length; index++) {
    const element = parts.elements[index];
    let outcome = isJsonObject(element) ? type.map(element, context) : notAnObject(element);
    if (measured && !isUnreadable(outcome)) outcome = ofAllowedSize(outcome, maxEventBytes);
    if (isUnreadable(outcome)) {
      deadLetters.push({ code: outcome.code, detail: outcome.detail, element: index, value: parts.bytesOf(index) });
    } else {
      events.push(outcome);
    }
  }
  const elements = parts.elements.length;
  if (deadLetters.length <= MAX_UNREAD_PARTS) return { events, deadLetters, elements };
  const detail = `${deadLetters.length} of ${elements} elements; the first: ${deadLetters[0]?.code ?? ''}`;
  return {
    events,
    deadLetters: [{ ...unreadable('ELEMENTS_UNREADABLE', detail), element: null, value: body }],
    elements,
  };
}

function ofAllowedSize(event: CanonicalEvent, maxBytes: number): CanonicalEvent | Unreadable {
  const bytes = Buffer.byteLength(JSON.stringify(event.data));
  return bytes <= maxBytes ? event : unreadable('ELEMENT_TOO_LARGE', `an event of ${bytes} bytes`);
}

function isJsonObject(element: unknown): element is JsonObject {
  return typeof element === 'object' && element !== null && !Array.isArray(element) && !isExactNumber(element);
}

function notAnObject(element: unknown): Unreadable {
  if (Array.isArray(element)) return unreadable('ELEMENT_NOT_OBJECT', 'the element is an array');
  if (element === null) return unreadable('ELEMENT_NOT_OBJECT', 'the element is null');
  return unreadable(
    'ELEMENT_NOT_OBJECT',
    `the element is a ${typeof element === 'object' ? 'number' : typeof element}`,
  );
}
