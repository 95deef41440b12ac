import { basename } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { codePaths, filesBelow, textOf } from './source-tree.js';
import { PROVIDERS } from '#providers';

/** What tools, and people who run tests, tell by the name. */
const SOURCE_NAME =
  /^[a-z0-9]+(?:-[a-z0-9]+)*(?:\.(?:module|controller|entity|d))?(?:\.(?:spec|(?:long\.)?e2e-spec))?\.ts$/;
const OTHER_NAME = /^(?:README\.md|[a-z0-9]+(?:-[a-z0-9]+)*(?:\.[a-z0-9-]+)*)$/;
/** Names that say nothing, and so gather everything. */
const DRAWER = /^(?:utils?|commons?|shared|helpers?|misc)$/;

function wronglyNamed(paths: readonly string[]): string[] {
  return paths.filter((path) => {
    const folders = path.split('/').slice(0, -1);
    const name = basename(path);
    const isWrong = !(name.endsWith('.ts') ? SOURCE_NAME : OTHER_NAME).test(name);
    return isWrong || folders.some((folder) => !OTHER_NAME.test(folder));
  });
}

function drawers(paths: readonly string[]): string[] {
  return paths.filter((path) => path.split('/').some((segment) => DRAWER.test(segment.replace(/\..*$/, ''))));
}

/** Library indexes that are missing, and index files where none belongs. */
function wrongIndexes(paths: readonly string[]): string[] {
  const indexes = paths.filter((path) => /^index\.[^.]+$/.test(basename(path)));
  const libraries = new Set(paths.filter((path) => path.startsWith('libs/')).map((path) => path.split('/')[1]!));
  const wanted = [...libraries].map((library) => `libs/${library}/src/index.ts`);
  return [
    ...indexes.filter((index) => !wanted.includes(index)),
    ...wanted.filter((index) => !indexes.includes(index)).map((index) => `${index} is missing`),
  ];
}

describe('names of files and folders', () => {
  const paths = codePaths();

  it('are kebab-case, with a suffix only where a tool needs it', () => {
    expect(wronglyNamed(paths)).toEqual([]);
    const wrong = ['apps/a/src/receiptRoute.ts', 'apps/a/src/receipt.service.ts', 'dev/Ports.ts', 'libs/A/src/b.ts'];
    expect(wronglyNamed([...wrong, 'apps/a/src/a-b.controller.ts'])).toEqual(wrong);
  });

  it('say what is inside: no drawers', () => {
    expect(drawers(paths)).toEqual([]);
    const wrong = ['libs/a/src/utils/b.ts', 'dev/helpers.ts', 'apps/shared/src/a.ts', 'test/misc.spec.ts'];
    expect(drawers([...wrong, 'libs/a/src/shared-key.ts'])).toEqual(wrong);
  });

  it('there is one index in each library and no other', () => {
    expect(wrongIndexes(paths)).toEqual([]);
    expect(wrongIndexes(['libs/a/src/b.ts', 'apps/c/src/index.ts', 'libs/d/src/index.ts'])).toEqual([
      'apps/c/src/index.ts',
      'libs/a/src/index.ts is missing',
    ]);
  });
});

describe('providers', () => {
  const FOLDER = 'libs/providers/src';
  const files = filesBelow(FOLDER);
  const folders = new Set(
    files.map((path) => path.slice(FOLDER.length + 1).split('/')).flatMap(([name, rest]) => (rest ? [name!] : [])),
  );

  it('are in the registry if they have a folder, and have a folder if they are in the registry', () => {
    expect([...folders].sort()).toEqual(Object.keys(PROVIDERS).sort());
  });

  it.each([...folders])('%s has a manifest, fixtures and a page of its own, and is called by its id', (folder) => {
    expect(files).toContain(`${FOLDER}/${folder}/provider.ts`);
    expect(files.some((path) => path.startsWith(`${FOLDER}/${folder}/fixtures/`))).toBe(true);
    expect(PROVIDERS[folder]?.id).toBe(folder);
    const page = textOf(`${FOLDER}/${folder}/README.md`);
    for (const receipt of Object.keys(PROVIDERS[folder]!.receiptTypes)) expect(page).toContain(`\`${receipt}\``);
  });
});
