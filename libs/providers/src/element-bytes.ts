const QUOTE = 0x22;
const COMMA = 0x2c;
const BACKSLASH = 0x5c;
const ARRAY_OPEN = 0x5b;
const ARRAY_CLOSE = 0x5d;
const OBJECT_OPEN = 0x7b;
const OBJECT_CLOSE = 0x7d;

/**
 * Cuts the bytes of a JSON array into those of its elements, without the white space around them. Works on bytes: all
 * that structures JSON is ASCII, and no byte of a longer UTF-8 sequence is. Run only when an element failed.
 * @param body a JSON text that has been parsed and found to be an array
 * @param from index of its first byte after a byte order mark
 */
export function cutElements(body: Buffer, from: number): Buffer[] {
  const elements: Buffer[] = [];
  let start = skipSpace(body, from) + 1;
  let depth = 0;
  for (let i = start; i < body.length; i++) {
    const byte = body[i];
    if (byte === QUOTE) {
      i = endOfString(body, i);
    } else if (byte === ARRAY_OPEN || byte === OBJECT_OPEN) {
      depth++;
    } else if (byte === COMMA && depth === 0) {
      elements.push(trimmed(body, start, i));
      start = i + 1;
    } else if (byte === ARRAY_CLOSE || byte === OBJECT_CLOSE) {
      depth--;
      if (depth >= 0) continue;
      if (elements.length > 0 || skipSpace(body, start) < i) elements.push(trimmed(body, start, i));
      return elements;
    }
  }
  return elements;
}

/** Index of the quote that ends the string which begins at `open`. */
function endOfString(body: Buffer, open: number): number {
  let i = open + 1;
  while (i < body.length && body[i] !== QUOTE) i += body[i] === BACKSLASH ? 2 : 1;
  return i;
}

function skipSpace(body: Buffer, from: number): number {
  let i = from;
  while (i < body.length && isSpace(body[i])) i++;
  return i;
}

function trimmed(body: Buffer, from: number, to: number): Buffer {
  const start = skipSpace(body, from);
  let end = to;
  while (end > start && isSpace(body[end - 1])) end--;
  return body.subarray(start, end);
}

function isSpace(byte: number | undefined): boolean {
  return byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;
}
