/** NUL, which Postgres refuses, or half of a surrogate pair, which is not UTF-8. */
const UNSTORABLE = /\0|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;

/** What an escape looks like. Text that holds this of its own accord must be escaped too, or it could not be read back. */
const LOOKS_ESCAPED = /\\u(?:0000|d[89a-f][\da-f]{2})/;

/**
 * Text that every store takes and that loses nothing: NUL and lone surrogates become the six characters `\uXXXX`.
 * In such a string, and in one that holds what looks like such an escape, backslashes are doubled. So a string that
 * matches `\\u(0000|d[89a-f]..)` has been escaped, and any other is verbatim.
 */
export function storableText(text: string): string {
  if (text.isWellFormed() && !text.includes('\0') && !(text.includes('\\') && LOOKS_ESCAPED.test(text))) return text;
  return text
    .replaceAll('\\', '\\\\')
    .replace(UNSTORABLE, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
