// Removes from node_modules what no process ever loads, while the image is built: more than half of its bytes, and less
// for scanners to wonder about. Licences stay. `node slim.mjs <node_modules>`
import { globSync, rmSync } from 'node:fs';
import { join } from 'node:path';

/** Types, maps of other people's sources, manuals. */
const BY_NAME = ['**/*.d.{ts,mts,cts}', '**/*.map', '**/{README,CHANGELOG,HISTORY}.md'];

/** The same code again, for browsers and bundlers; and tests. Only where it is much. */
export const BY_PLACE = [
  'bintrees/test',
  'class-validator/{bundles,esm2015,esm5}',
  'fastify/{docs,examples,test}',
  'libphonenumber-js/{bundle,es6-modern}',
  'rxjs/{src,dist/bundles,dist/esm,dist/esm5}',
  'typeorm/browser',
];

if (import.meta.main) {
  const [, , folder = 'node_modules'] = process.argv;
  for (const path of globSync([...BY_PLACE, ...BY_NAME], { cwd: folder })) {
    rmSync(join(folder, path), { recursive: true, force: true });
  }
}
