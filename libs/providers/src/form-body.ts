import { isUtf8 } from 'node:buffer';
import { readJsonElements, type JsonBodyOptions } from './json-body.js';
import type { Elements, Unreadable } from './provider.js';
import { unreadable } from './unreadable.js';

/** Far above the ten fields of the largest known receipt; without a bound 8 MiB of `a&a&...` would be millions of them. */
const MAX_FIELDS = 1_000;

const AMPERSAND = 0x26;
const EQUALS = 0x3d;
const PERCENT = 0x25;
const PLUS = 0x2b;
const SPACE = 0x20;

/** What is special about the forms of a receipt type. */
export interface FormBodyOptions extends JsonBodyOptions {
  /** Fields that hold telephone numbers: a bare `+` in front of one was never meant as the space that it stands for. */
  readonly numbers: ReadonlySet<string>;
}

/**
 * Takes an `application/x-www-form-urlencoded` body apart: it is one receipt, and its bytes are the whole body. The
 * pairs are split before anything is decoded, so that an encoded `&` or `=` stays part of its value. A `%` that begins
 * no escape stays a `%`. A name that comes twice with different values holds an array of them.
 *
 * A body that begins as JSON does is read as JSON: no form begins so, and a push that was sent to the address of its
 * neighbour, or an element that comes back from the dead letters, is not lost for its dress. Never throws.
 * @returns one element, or why the body as a whole cannot be read (`BODY_*`)
 */
export function readFormElements(body: Buffer, options: FormBodyOptions): Elements | Unreadable {
  if (looksLikeJson(body)) return readJsonElements(body, options);
  if (!isUtf8(body)) return unreadable('BODY_NOT_UTF8', `${body.length} bytes`);
  if (!body.includes(EQUALS)) return unreadable('BODY_NOT_FORM', `${body.length} bytes without a pair`);

  const fields = new Map<string, string | string[]>();
  let count = 0;
  for (let start = 0; start < body.length;) {
    const ampersand = body.indexOf(AMPERSAND, start);
    const end = ampersand === -1 ? body.length : ampersand;
    const pair = body.subarray(start, end);
    start = end + 1;
    if (pair.length === 0) continue;
    if (++count > MAX_FIELDS) return unreadable('BODY_TOO_LARGE', `a form of more than ${MAX_FIELDS} fields`);
    const equals = pair.indexOf(EQUALS);
    const name = decode(equals === -1 ? pair : pair.subarray(0, equals));
    const value = equals === -1 ? '' : decode(pair.subarray(equals + 1));
    if (name === null || value === null) return unreadable('BODY_NOT_UTF8', 'a field of the form is not UTF-8');
    add(fields, name, pair[equals + 1] === PLUS && options.numbers.has(name) ? `+${value.slice(1)}` : value);
  }
  // fromEntries defines properties, so a field `__proto__` stays a field.
  return { elements: [Object.fromEntries(fields)], bytesOf: () => body };
}

function add(fields: Map<string, string | string[]>, name: string, value: string): void {
  const earlier = fields.get(name);
  if (earlier === undefined) fields.set(name, value);
  else if (Array.isArray(earlier)) earlier.push(value);
  else if (earlier !== value) fields.set(name, [earlier, value]);
}

/** The text of an encoded name or value; null if its bytes are not UTF-8. */
function decode(encoded: Buffer): string | null {
  if (!encoded.includes(PERCENT) && !encoded.includes(PLUS)) return encoded.toString('utf8');
  const bytes = Buffer.allocUnsafe(encoded.length);
  let length = 0;
  for (let i = 0; i < encoded.length; i++) {
    const byte = encoded.readUInt8(i);
    if (byte === PLUS) {
      bytes[length++] = SPACE;
      continue;
    }
    const escaped = byte === PERCENT ? escapedByte(encoded, i) : -1;
    bytes[length++] = escaped === -1 ? byte : escaped;
    if (escaped !== -1) i += 2;
  }
  const decoded = bytes.subarray(0, length);
  return isUtf8(decoded) ? decoded.toString('utf8') : null;
}

/** The byte that `%XY` at a position stands for; -1 if it is no escape. */
function escapedByte(encoded: Buffer, at: number): number {
  const high = hexDigit(encoded[at + 1]);
  const low = hexDigit(encoded[at + 2]);
  return high === -1 || low === -1 ? -1 : high * 16 + low;
}

function hexDigit(byte: number | undefined): number {
  if (byte === undefined) return -1;
  if (byte >= 0x30 && byte <= 0x39) return byte - 0x30;
  const letter = byte | 0x20;
  return letter >= 0x61 && letter <= 0x66 ? letter - 0x57 : -1;
}

/** Whether the first thing after a byte order mark and white space is `{` or `[`. */
function looksLikeJson(body: Buffer): boolean {
  let i = body[0] === 0xef && body[1] === 0xbb && body[2] === 0xbf ? 3 : 0;
  while (body[i] === SPACE || body[i] === 0x0a || body[i] === 0x0d || body[i] === 0x09) i++;
  return body[i] === 0x7b || body[i] === 0x5b;
}
