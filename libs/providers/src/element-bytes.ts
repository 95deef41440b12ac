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

/**
 * Index of the first byte of a member's value in the object that a body holds, or of what follows the body if there is
 * no such member. Of members with the same name the last one counts, as it does when the text is parsed.
 * @param body a JSON text that has been parsed and found to be an object
 * @param from index of its first byte after a byte order mark
 */
export function startOfMember(body: Buffer, from: number, name: string): number {
  let found = body.length;
  let i = skipSpace(body, skipSpace(body, from) + 1);
  while (body[i] === QUOTE) {
    const end = endOfString(body, i) + 1;
    const value = skipSpace(body, skipSpace(body, end) + 1);
    if (JSON.parse(body.toString('utf8', i, end)) === name) found = value;
    i = skipSpace(body, endOfValue(body, value) + 1);
  }
  return found;
}

/** Index of the comma or closing bracket that follows the value which begins at `start`. */
function endOfValue(body: Buffer, start: number): number {
  let depth = 0;
  let i = start;
  for (; i < body.length; i++) {
    const byte = body[i];
    if (byte === QUOTE) i = endOfString(body, i);
    else if (byte === ARRAY_OPEN || byte === OBJECT_OPEN) depth++;
    else if (byte === COMMA && depth === 0) break;
    else if ((byte === ARRAY_CLOSE || byte === OBJECT_CLOSE) && --depth < 0) break;
  }
  return i;
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
