import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { PROVIDERS } from '#providers';
import { filesBelow, ROOT } from '../architecture/source-tree.js';

const FOLDER = 'libs/providers/src';

describe('the registry', () => {
  it('has every provider that has a folder, under its own id', () => {
    const folders = filesBelow(FOLDER)
      .map((path) => /\/([a-z0-9-]+)\/provider\.ts$/.exec(path)?.[1])
      .filter((name) => name !== undefined && name !== 'src');
    expect(Object.keys(PROVIDERS)).toEqual(folders.sort());
    expect(Object.values(PROVIDERS).map(({ id }) => id)).toEqual(Object.keys(PROVIDERS));
  });

  it.each(Object.values(PROVIDERS))(
    '$id is documented: a README with every receipt type, and its settings',
    (provider) => {
      const readme = join(ROOT, FOLDER, provider.id, 'README.md');
      expect(existsSync(readme)).toBe(true);
      const page = readFileSync(readme, 'utf8');
      const configuration = readFileSync(join(ROOT, 'docs', 'configuration.md'), 'utf8');
      const types = Object.keys(provider.receiptTypes);
      expect(types.filter((name) => !page.includes(`\`${name}\``))).toEqual([]);
      expect([provider.id, ...types].filter((name) => !configuration.includes(`\`${name}\``))).toEqual([]);
      for (const heading of ['## How it delivers', '## Not proven']) expect(page).toContain(heading);
    },
  );
});
