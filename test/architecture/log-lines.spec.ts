import { describe, expect, it } from '@jest/globals';
import { filesBelow, isTest, textOf } from './source-tree.js';

const NAME = /[a-z]+(?:-[a-z]+)*\.[a-z]+(?:-[a-z]+)*/;

/** The code of what writes lines: the simulator is a tool for tests. */
const CODE = ['apps/ingress', 'apps/normaliser', 'apps/projector', 'libs/kafka', 'libs/runtime']
  .flatMap(filesBelow)
  .filter((path) => path.endsWith('.ts') && !isTest(path))
  .map(textOf)
  .join('\n');

/** Messages that stand in a call of a logger. */
function written(code: string): string[] {
  const calls = [...code.matchAll(/logger\??\.(?:trace|debug|info|warn|error|fatal)\(([\s\S]*?)\);/g)];
  const names = calls.flatMap(([, line = '']) => [...line.matchAll(new RegExp(`'(${NAME.source})'`, 'g'))]);
  return [...new Set(names.map(([, name = '']) => name))].sort();
}

const documented = [...textOf('docs/logging.md').matchAll(new RegExp(`^\\| \`(${NAME.source})\` `, 'gm'))].map(
  ([, name = '']) => name,
);

/** Whether code says it: as it is, or with a beginning that is put in. */
function isSaid(name: string): boolean {
  return CODE.includes(name) || CODE.includes(`}.${name.split('.')[1] ?? ''}\``);
}

describe('docs/logging.md', () => {
  it('lists every message that a logger is called with', () => {
    expect(written(`this.#logger.warn({ a: 'b.c' }, isX ? 'a.b' : 'c-d.e-f');`)).toEqual(['a.b', 'b.c', 'c-d.e-f']);
    expect(written(CODE).length).toBeGreaterThan(40);
    expect(written(CODE).filter((name) => !documented.includes(name))).toEqual([]);
  });

  it('lists none that the code does not know, and none twice', () => {
    expect(documented.filter((name) => !isSaid(name))).toEqual([]);
    expect(documented).toEqual([...new Set(documented)]);
  });
});

it('no message is a sentence: what differs stands in fields, by which lines can be counted', () => {
  const calls = [...CODE.matchAll(/logger\??\.(?:trace|debug|info|warn|error|fatal)\(([\s\S]*?)\);/g)];
  const sentences = calls.flatMap(([, line = '']) => /,\s*[`'][^`']*\s[^`']*[`'],?\s*$/.exec(line) ?? []);
  expect(sentences).toEqual([]);
});
