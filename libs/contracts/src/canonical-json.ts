import { isExactNumber } from './json.js';

/**
 * The same text for the same JSON value, in whatever order the keys of its objects stand: keys sorted by code unit, no
 * white space, numbers with the digits that they came with.
 * @param value parsed JSON that is not nested too deep for the stack
 */
export function canonicalJson(value: unknown): string {
  if (typeof value !== 'object' || value === null || isExactNumber(value)) return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join()}]`;
  const fields = value as Readonly<Record<string, unknown>>;
  const members = Object.keys(fields)
    .sort()
    .map((key) => `${JSON.stringify(key)}:${canonicalJson(fields[key])}`);
  return `{${members.join()}}`;
}
