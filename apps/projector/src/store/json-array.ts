/** https://github.com/postgres/postgres/blob/REL_18_STABLE/src/include/catalog/pg_type.dat: json */
const JSON_TYPE = 114;
const HEAD_BYTES = 20;
/** In the place of its length, of an element that is none. */
const NULL_LENGTH = -1;

/**
 * A `json[]` parameter in Postgres' binary form: dimensions, whether there are nulls, element type, length, lower bound,
 * then each element behind its length (array_recv in src/backend/utils/adt/arrayfuncs.c). As text every quote would be
 * escaped here and unescaped there, and JSON has little else.
 * @param texts at least one; null stands for NULL
 */
export function jsonArray(texts: readonly (string | null)[]): Buffer {
  const sizes = texts.map((text) => (text === null ? 0 : Buffer.byteLength(text)));
  const bytes = Buffer.allocUnsafe(sizes.reduce((sum, size) => sum + 4 + size, HEAD_BYTES));
  let at = 0;
  const hasNulls = texts.includes(null) ? 1 : 0;
  for (const number of [1, hasNulls, JSON_TYPE, texts.length, 1]) at = bytes.writeInt32BE(number, at);
  for (const [index, text] of texts.entries()) {
    at = bytes.writeInt32BE(text === null ? NULL_LENGTH : sizes[index]!, at);
    if (text !== null) at += bytes.write(text, at);
  }
  return bytes;
}
