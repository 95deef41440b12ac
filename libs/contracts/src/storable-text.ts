/** NUL, which Postgres refuses, or half of a surrogate pair, which is not UTF-8. */
const UNSTORABLE = /\0|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;

/**
 * Text that every store takes and that loses nothing: NUL and lone surrogates become the six characters `\uXXXX`.
 * In such a string, and only there, backslashes are doubled, so that it can be read back.
 */
export function storableText(text: string): string {
  if (text.isWellFormed() && !text.includes('\0')) return text;
  return text
    .replaceAll('\\', '\\\\')
    .replace(UNSTORABLE, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
