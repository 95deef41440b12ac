import { isUtf8 } from 'node:buffer';
import { isExactNumber, parseJson } from '#contracts';
import { cutElements } from './element-bytes.js';
import type { Elements, Unreadable } from './provider.js';
import { unreadable } from './unreadable.js';

/**
 * How many elements a body may have. The smallest receipt of any provider is above 160 bytes, so no real body of the
 * allowed size has more; without a bound 8 MiB of `[0,0,...]` would become four million dead letters.
 */
export const MAX_ELEMENTS = 50_000;

/**
 * Takes a JSON body apart: an array into its elements, an object into itself (queues carry one, pushes several; both
 * are accepted everywhere). Never throws.
 * @returns the elements, or why the body as a whole cannot be read (`BODY_*`)
 */
export function readJsonElements(body: Buffer): Elements | Unreadable {
  if (body.length === 0) return unreadable('BODY_NOT_JSON', 'the body is empty');
  if (!isUtf8(body)) return unreadable('BODY_NOT_UTF8', `${body.length} bytes`);
  const from = startsWithByteOrderMark(body) ? 3 : 0;
  const parsed = parseBody(body, from);
  if (parsed === NOT_JSON) return unreadable('BODY_NOT_JSON', `${body.length} bytes`);
  if (!Array.isArray(parsed)) {
    if (isExactNumber(parsed)) return unreadable('BODY_NOT_RECEIPTS', 'the body is a number');
    if (typeof parsed === 'object' && parsed !== null) return { elements: [parsed], bytesOf: () => body };
    return unreadable('BODY_NOT_RECEIPTS', `the body is ${parsed === null ? 'null' : `a ${typeof parsed}`}`);
  }
  if (parsed.length > MAX_ELEMENTS) return unreadable('BODY_TOO_LARGE', `an array of ${parsed.length} elements`);
  let cut: readonly Buffer[] | undefined;
  return { elements: parsed, bytesOf: (index) => (cut ??= cutElements(body, from))[index] ?? body };
}

/** What `parseBody` answers for text that is not JSON; no JSON value is a symbol. */
const NOT_JSON = Symbol('not JSON');

function parseBody(body: Buffer, from: number): unknown {
  const text = body.toString('utf8', from);
  try {
    return parseJson(text);
  } catch (error) {
    // The engine's message quotes the text, so it goes nowhere.
    return error instanceof SyntaxError ? NOT_JSON : parseDeep(text, body, from);
  }
}

/**
 * Exact parsing is recursive and runs out of stack on a body that is nested thousands deep; plain parsing is not. Only
 * the element that is so deep loses digits, and it is refused for its depth anyway; the others stay exact.
 */
function parseDeep(text: string, body: Buffer, from: number): unknown {
  const plain: unknown = JSON.parse(text);
  if (!Array.isArray(plain)) return plain;
  return cutElements(body, from).map((bytes, index): unknown => {
    try {
      return parseJson(bytes.toString('utf8'));
    } catch {
      return plain[index];
    }
  });
}

function startsWithByteOrderMark(body: Buffer): boolean {
  return body[0] === 0xef && body[1] === 0xbb && body[2] === 0xbf;
}
