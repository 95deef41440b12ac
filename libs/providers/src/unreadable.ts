import type { DeadLetterCode } from '#contracts';
import type { Unreadable } from './provider.js';

/** A permanent failure. `detail` is the shape of the problem: field names, types, lengths; never content. */
export function unreadable(code: DeadLetterCode, detail: string): Unreadable {
  return { code, detail };
}

/** Why an identifying field gave no text: it is not there, or it is there in a shape that cannot be read. */
export function unreadableField(name: string, value: unknown): Unreadable {
  if (value === undefined) return unreadable('FIELD_MISSING', `${name} is absent`);
  if (value === null || typeof value === 'string') return unreadable('FIELD_MISSING', `${name} is empty`);
  return unreadable('FIELD_INVALID', `${name} is ${Array.isArray(value) ? 'an array' : `of type ${typeof value}`}`);
}
