import { Readable } from 'node:stream';

/** About so many characters go out at once. */
const CHUNK = 64 * 1024;

/** Things as lines of JSON, written as fast as they are read: half a million of them never become one text. */
export function jsonLines(things: readonly object[]): Readable {
  return Readable.from(chunks(things), { objectMode: false });
}

function* chunks(things: readonly object[]): Generator<Buffer> {
  let lines: string[] = [];
  let length = 0;
  for (const thing of things) {
    const line = JSON.stringify(thing);
    lines.push(line, '\n');
    length += line.length;
    if (length >= CHUNK) {
      yield Buffer.from(lines.join(''), 'utf8');
      lines = [];
      length = 0;
    }
  }
  if (lines.length > 0) yield Buffer.from(lines.join(''), 'utf8');
}
