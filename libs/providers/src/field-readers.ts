import { isExactNumber } from '#contracts';
import type { JsonObject } from './provider.js';

/**
 * Readers of single values. They take whatever JSON can hold, never throw, and answer null for what they cannot read:
 * vendors' own pages disagree about string or number, so both are taken everywhere.
 */

/** An integer of more digits than this is nobody's id; expanding `1e999999` must not fill the memory. */
const MAX_EXPONENT = 64;

const DECIMAL = /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d{1,6}))?$/;

/** The text of a string (trimmed), number or boolean; null if empty, absent or of another type. */
export function textOf(value: unknown): string | null {
  if (typeof value === 'string') {
    const text = value.trim();
    return text === '' ? null : text;
  }
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  return isExactNumber(value) ? value.rawJSON : null;
}

/** Like `textOf`, but a string keeps its outer spaces and may be empty: what a person wrote is not ours to tidy. */
export function verbatimTextOf(value: unknown): string | null {
  return typeof value === 'string' ? value : textOf(value);
}

/**
 * The text of an id. One that comes as a bare number is written as a plain integer: an id that one door sends as
 * `"1234567890"` may come as `1.23456789E9` through another and must stay the same id. Strings stay as they are.
 */
export function idText(value: unknown): string | null {
  if (typeof value === 'string') return textOf(value);
  if (typeof value === 'number') return Number.isSafeInteger(value) ? String(value) : plainInteger(String(value));
  return isExactNumber(value) ? plainInteger(value.rawJSON) : textOf(value);
}

/**
 * The text of an id that is documented to be a number: like `idText`, and a string may hold an exponent or a fraction of
 * zeros too. Some clients turn the number into text before they pass it on.
 */
export function integerText(value: unknown): string | null {
  const text = idText(value);
  return text !== null && typeof value === 'string' && /[.eE]/.test(text) ? plainInteger(text) : text;
}

/** A count such as `"1"`, `1` or `1.0`: an integer from 0 to 999999999; null for anything else. */
export function countOf(value: unknown): number | null {
  const text = idText(value);
  if (text === null || text.length > 9 || typeof value === 'boolean') return null;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit < 0x30 || unit > 0x39) return null;
  }
  return Number(text);
}

/** Whether a field is there with something in it. */
export function isPresent(value: unknown): boolean {
  return value !== undefined && value !== null && value !== '';
}

/** Whether any of the names is a key of the element. */
export function hasAny(element: JsonObject, names: readonly string[]): boolean {
  return names.some((name) => Object.hasOwn(element, name));
}

/**
 * The element with its keys trimmed; itself where they are clean, which is nearly always. Samples by Alibaba carry keys
 * with a trailing space. Where a clean key is there too, it wins and the other one stays as it is.
 */
export function withTrimmedKeys(element: JsonObject): JsonObject {
  for (const key in element) {
    if (key.length > 0 && (key.charCodeAt(0) <= 0x20 || key.charCodeAt(key.length - 1) <= 0x20)) {
      return trimKeys(element);
    }
  }
  return element;
}

function trimKeys(element: JsonObject): JsonObject {
  const fields = new Map<string, unknown>();
  for (const key in element) {
    const trimmed = key.trim();
    const taken = trimmed !== key && (Object.hasOwn(element, trimmed) || fields.has(trimmed));
    fields.set(taken ? key : trimmed, element[key]);
  }
  // fromEntries defines properties, so a key `__proto__` stays a key.
  return Object.fromEntries(fields);
}

/** `1.23456789E9` → `1234567890`. What is not an integer, or is absurdly large, stays as it was written. */
function plainInteger(source: string): string {
  const [, sign, whole, fraction = '', exponent = '0'] = DECIMAL.exec(source) ?? [];
  const shift = Number(exponent);
  if (sign === undefined || whole === undefined || Math.abs(shift) > MAX_EXPONENT) return source;
  const digits = whole + fraction;
  const point = whole.length + shift;
  const rest = digits.slice(Math.max(point, 0));
  if (/[1-9]/.test(rest)) return source;
  const integer = digits.slice(0, Math.max(point, 0)).padEnd(point, '0').replace(/^0+/, '');
  return integer === '' ? '0' : sign + integer;
}
