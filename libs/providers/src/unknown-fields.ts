import { isExactNumber, storableText, type Extra } from '#contracts';
import type { JsonObject } from './provider.js';

/** How many objects and arrays an element may have inside one another, itself included. */
export const MAX_DEPTH = 64;

/** Stands for a value that is nested too deep. JSON has no `undefined`, so it cannot be mistaken for one. */
const TOO_DEEP = undefined;

const NONE: Extra = Object.freeze({});

/**
 * What an event carries in `extra`: every field whose name is not in `known`, and every known one that holds an object
 * or array (the known fields are all single values, so nobody else reads it). Values keep every digit; strings
 * and keys become storable.
 * @returns null if something is nested deeper than `MAX_DEPTH`
 */
export function unknownFields(element: JsonObject, known: ReadonlySet<string>): Extra | null {
  let extra: Record<string, unknown> | undefined;
  for (const key in element) {
    const value = element[key];
    if (known.has(key) && (typeof value !== 'object' || value === null || isExactNumber(value))) continue;
    const storable = storableValue(value, 1);
    if (storable === TOO_DEEP) return null;
    extra ??= {};
    setField(extra, storableText(key), storable);
  }
  return extra ?? NONE;
}

/** `extra` with one more single value: a known field that came in a form which its reader does not take. */
export function withUnreadField(extra: Extra, name: string, value: unknown): Extra {
  if (Object.hasOwn(extra, name)) return extra;
  return { ...extra, [name]: storableValue(value, 1) ?? null };
}

function storableValue(value: unknown, depth: number): unknown {
  if (typeof value === 'string') return storableText(value);
  if (typeof value !== 'object' || value === null || isExactNumber(value)) return value;
  if (depth >= MAX_DEPTH) return TOO_DEEP;
  return Array.isArray(value) ? storableArray(value, depth + 1) : storableObject(value as JsonObject, depth + 1);
}

function storableArray(values: readonly unknown[], depth: number): unknown {
  const copy: unknown[] = [];
  for (const value of values) {
    const storable = storableValue(value, depth);
    if (storable === TOO_DEEP) return TOO_DEEP;
    copy.push(storable);
  }
  return copy;
}

function storableObject(fields: JsonObject, depth: number): unknown {
  const copy: Record<string, unknown> = {};
  for (const key in fields) {
    const storable = storableValue(fields[key], depth);
    if (storable === TOO_DEEP) return TOO_DEEP;
    setField(copy, storableText(key), storable);
  }
  return copy;
}

/** Assignment to `__proto__` would change the prototype instead of adding a key. */
function setField(target: Record<string, unknown>, key: string, value: unknown): void {
  if (key === '__proto__') {
    Object.defineProperty(target, key, { value, enumerable: true, writable: true, configurable: true });
  } else {
    target[key] = value;
  }
}
