import { isUtf8 } from 'node:buffer';
import { isExactNumber, parseJson } from '#contracts';
import { cutElements, startOfMember } from './element-bytes.js';
import type { Elements, Unreadable } from './provider.js';
import { unreadable } from './unreadable.js';

/**
 * How many elements a body may have. The smallest receipt of any provider is above 160 bytes, so no real body of the
 * allowed size has more; without a bound 8 MiB of `[0,0,...]` would become four million dead letters.
 */
export const MAX_ELEMENTS = 50_000;

/** How the receipts of a type are wrapped. */
export interface JsonBodyOptions {
  /**
   * The member of an enveloping object that holds the array of receipts. What else the envelope holds is not read. An
   * object without this member is a receipt itself.
   */
  readonly list?: string;
}

/**
 * Takes a JSON body apart: an array into its elements, an object into itself (queues carry one, pushes several; both
 * are accepted everywhere), an envelope into the elements of its list. Never throws.
 * @returns the elements, or why the body as a whole cannot be read (`BODY_*`)
 */
export function readJsonElements(body: Buffer, { list }: JsonBodyOptions = {}): Elements | Unreadable {
  if (body.length === 0) return unreadable('BODY_NOT_JSON', 'the body is empty');
  if (!isUtf8(body)) return unreadable('BODY_NOT_UTF8', `${body.length} bytes`);
  const from = startsWithByteOrderMark(body) ? 3 : 0;
  const parsed = parseBody(body, from);
  if (parsed === NOT_JSON) return unreadable('BODY_NOT_JSON', `${body.length} bytes`);
  const { value, exact } = parsed;
  if (Array.isArray(value)) return arrayElements(value, { body, start: from, exact });
  if (isExactNumber(value)) return unreadable('BODY_NOT_RECEIPTS', 'the body is a number');
  if (typeof value !== 'object' || value === null) {
    return unreadable('BODY_NOT_RECEIPTS', `the body is ${value === null ? 'null' : `a ${typeof value}`}`);
  }
  if (list === undefined || !Object.hasOwn(value, list)) return { elements: [value], bytesOf: () => body };
  const listed = (value as Readonly<Record<string, unknown>>)[list];
  if (!Array.isArray(listed)) return unreadable('BODY_NOT_RECEIPTS', `${list} is not an array`);
  return arrayElements(listed, { body, start: startOfMember(body, from, list), exact });
}

/** Where an array stands in a body, and whether its numbers kept their digits. */
interface ArrayPlace {
  readonly body: Buffer;
  readonly start: number;
  readonly exact: boolean;
}

function arrayElements(array: readonly unknown[], { body, start, exact }: ArrayPlace): Elements | Unreadable {
  if (array.length > MAX_ELEMENTS) return unreadable('BODY_TOO_LARGE', `an array of ${array.length} elements`);
  let cut: readonly Buffer[] | undefined;
  const bytesOf = (index: number): Buffer => (cut ??= cutElements(body, start))[index] ?? body;
  return { elements: exact ? array : array.map((plain, index) => parseExactly(bytesOf(index), plain)), bytesOf };
}

/** What `parseBody` answers for text that is not JSON. */
const NOT_JSON = Symbol('not JSON');

/**
 * Exact parsing is recursive and runs out of stack on a body that is nested thousands deep; plain parsing is not, and
 * what it gives is then parsed again element by element.
 */
function parseBody(body: Buffer, from: number): { readonly value: unknown; readonly exact: boolean } | typeof NOT_JSON {
  const text = body.toString('utf8', from);
  try {
    return { value: parseJson(text), exact: true };
  } catch (error) {
    // The engine's message quotes the text, so it goes nowhere.
    return error instanceof SyntaxError ? NOT_JSON : { value: JSON.parse(text), exact: false };
  }
}

/** Only the element that is so deep loses digits, and it is refused for its depth anyway; the others stay exact. */
function parseExactly(bytes: Buffer, plain: unknown): unknown {
  try {
    return parseJson(bytes.toString('utf8'));
  } catch {
    return plain;
  }
}

function startsWithByteOrderMark(body: Buffer): boolean {
  return body[0] === 0xef && body[1] === 0xbb && body[2] === 0xbf;
}
