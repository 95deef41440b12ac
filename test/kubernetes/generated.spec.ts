import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { ROOT, textOf } from '../architecture/source-tree.js';
import { generatedFiles } from './generated.js';

const FILES = generatedFiles(textOf('quittance.example.yaml'), textOf('observability/alerts.yaml'));

it.each(FILES)('$path is what the code says', ({ path, text }) => {
  const file = join(ROOT, path);
  if (process.env.UPDATE_GOLDEN === '1') writeFileSync(file, text);
  expect(readFileSync(file, 'utf8')).toBe(text);
});
