import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { REPOSITORY } from '../../dev/places.js';
import { FAULTS } from './all-faults.js';

describe('docs/faults.md', () => {
  it('lists every fault, with what happens, and whether it runs with all other tests', () => {
    const page = readFileSync(join(REPOSITORY, 'docs', 'faults.md'), 'utf8');
    const rows = [...page.matchAll(/^\| `([a-z-]+)` *\| (.*?) *\| *(yes|) *\|$/gm)].map(([, name, about, quick]) => ({
      name,
      about,
      quick: quick === 'yes',
    }));
    expect(rows).toEqual(FAULTS.map(({ name, about, quick = false }) => ({ name, about, quick })));
  });
});
