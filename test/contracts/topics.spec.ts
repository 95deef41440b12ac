import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { TOPICS } from '#contracts';
import { ROOT } from './published-schemas.js';

const DAY = 24 * 60 * 60 * 1000;

it('docs/contracts/topics.md lists every topic as it is created', () => {
  const page = readFileSync(join(ROOT, 'docs', 'contracts', 'topics.md'), 'utf8');
  const rows = page
    .split('\n')
    .filter((line) => line.startsWith('| `quittance.'))
    .map((line) => line.split('|').map((cell) => cell.trim()))
    .map(([, topic, purpose, , , partitions, retention]) => ({ topic, purpose, partitions, retention }));
  expect(rows).toEqual(
    TOPICS.map(({ name, purpose, partitions, retention }) => ({
      topic: `\`quittance.${name}\``,
      purpose,
      partitions: String(partitions),
      retention: retention === 'compacted' ? retention : `${retention / DAY} days`,
    })),
  );
});
