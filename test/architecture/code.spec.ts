import { describe, expect, it } from '@jest/globals';
import { breakersOf, CODE_RULES, MOST_LINES, tooLong } from './code-rules.js';
import { sourceFile, sourceFiles } from './source-tree.js';

const FILES = sourceFiles();

/** Texts that break each rule, in its order. Put together from pieces, or this file would break them itself. */
const BREAKERS: readonly (readonly string[])[] = [
  ['imports: [forward' + 'Ref(() => OtherModule)]'],
  ['@Glo' + 'bal()'],
  ['@Injectable({ scope: Scope.REQU' + 'EST })'],
  ['export * fr' + "om './a.js';", 'export * as a fr' + "om './a.js';"],
  ['const { PORT } = process.env;', "process['env'].PORT", "import { env } from 'node:process';"],
  ['it.' + 'only(', 'describe.' + 'skip(', 'it.each.' + 'only(', 'it.' + 'todo(', 'x' + 'it(', 'f' + 'describe('],
];

describe.each(CODE_RULES.map((rule, index) => ({ ...rule, rule, index })))('$name', ({ rule, index }) => {
  it('holds everywhere', () => {
    expect(breakersOf(rule, FILES)).toEqual([]);
  });

  it('bites', () => {
    const texts = BREAKERS[index] ?? [];
    expect(texts.length).toBeGreaterThan(0);
    for (const text of texts) {
      const files = ['apps/ingress/src/a.ts', 'apps/ingress/src/a.spec.ts'].map((path) =>
        sourceFile(path, `${text}\n`),
      );
      expect({ text, broken: breakersOf(rule, files).length > 0 }).toEqual({ text, broken: true });
    }
  });
});

it(`no file has more than ${MOST_LINES} lines`, () => {
  expect(tooLong(FILES)).toEqual([]);
  expect(tooLong([sourceFile('dev/a.ts', 'a\n'.repeat(MOST_LINES + 1))])).toEqual(['dev/a.ts']);
});
