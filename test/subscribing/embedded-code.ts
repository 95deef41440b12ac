import { readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { REPOSITORY } from '../../dev/places.js';

/** `<!-- code: ../examples/a.py decide -->` and the block of code below it. */
const EMBEDDED = /(<!-- code: (\S+) (\S+) -->\n\n```(\w+)\n)([\s\S]*?)(```\n)/g;

/** A piece of an example that a page shows. */
export interface EmbeddedRegion {
  /** From the root. */
  readonly file: string;
  readonly region: string;
}

/** The page with every embedded block as its file has it now. */
export function withCurrentCode(page: string, text: string): string {
  return text.replace(EMBEDDED, (_block, head: string, file: string, region: string, _language, _code, end: string) => {
    const path = posix.join(posix.dirname(page), file);
    return head + regionOf(readFileSync(join(REPOSITORY, path), 'utf8'), region) + end;
  });
}

/** What a page embeds, in its order. */
export function embeddedRegions(page: string, text: string): EmbeddedRegion[] {
  return [...text.matchAll(EMBEDDED)].map(([, , file, region]) => ({
    file: posix.join(posix.dirname(page), file!),
    region: region!,
  }));
}

/** The names of the regions that a file marks for pages. */
export function regionsIn(source: string): string[] {
  return [...source.matchAll(/docs: begin (\S+)$/gm)].map(([, region]) => region!);
}

/** The lines between `docs: begin` and `docs: end`, without the indentation that they share. @throws where there are none */
export function regionOf(source: string, region: string): string {
  const lines = source.split('\n');
  const [begin, end] = ['begin', 'end'].map((edge) =>
    lines.findIndex((line) => line.endsWith(`docs: ${edge} ${region}`)),
  );
  if (begin === -1 || end === -1 || end! < begin!) throw new Error(`there is no region ${region}`);
  const inside = lines.slice(begin! + 1, end);
  while (inside.at(-1)?.trim() === '') inside.pop();
  const indents = inside.filter((line) => line.trim() !== '').map((line) => /^\s*/.exec(line)![0].length);
  const shared = Math.min(...indents);
  return inside.map((line) => `${line.slice(shared).trimEnd()}\n`).join('');
}
