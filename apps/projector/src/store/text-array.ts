/** What the text of an array has to escape. */
const SPECIAL = /["\\]/;

/**
 * An array parameter as Postgres' text, `{"a",NULL}`, for every type whose values need no further quoting. The client's
 * own way tries two replacements on every element; here most of a column's values are the one before, or hold nothing
 * special.
 */
export function textArray(values: readonly (string | number | boolean | null | undefined)[]): string {
  let text = '';
  let [last, lastText]: [unknown, string] = [null, 'NULL'];
  for (const value of values) {
    if (value !== last) [last, lastText] = [value, elementText(value)];
    text += text === '' ? lastText : `,${lastText}`;
  }
  return `{${text}}`;
}

function elementText(value: string | number | boolean | null | undefined): string {
  if (value === null || value === undefined) return 'NULL';
  if (typeof value !== 'string') return String(value);
  return SPECIAL.test(value) ? `"${value.replaceAll(/["\\]/g, '\\$&')}"` : `"${value}"`;
}
