import { describe, expect, it } from '@jest/globals';
import { existsSync, globSync } from 'node:fs';
import { join } from 'node:path';
import { NODE_FLAGS } from '../../dev/apps.js';
import { ROOT, textOf } from '../architecture/source-tree.js';
import { buildContext, inRepository, readDockerfile } from './dockerfile.js';

interface Manifest {
  readonly version: string;
  readonly devDependencies: { readonly node: string };
}

/** The table of what the image can run. */
async function entryPoints(): Promise<Readonly<Record<string, string>>> {
  const module = join(ROOT, 'container', 'entry-points.mjs');
  return ((await import(module)) as { readonly ENTRY_POINTS: Readonly<Record<string, string>> }).ENTRY_POINTS;
}

describe('the image', () => {
  const image = readDockerfile();
  const manifest = JSON.parse(textOf('package.json')) as Manifest;

  it('runs on the Node that everything was tested on', () => {
    expect(image.args.get('NODE')).toMatch(new RegExp(`^node:${manifest.devDependencies.node}-`));
  });

  it('is labelled with the version of the package', () => {
    expect(image.args.get('VERSION')).toBe(manifest.version);
  });

  it('is built from what is there, and sees nothing else', () => {
    const seen = buildContext();
    const copied = image.copied.filter((path) => path !== '.');
    expect(copied).toContain('package-lock.json');
    expect([...copied, ...seen].filter((path) => !existsSync(join(ROOT, path)))).toEqual([]);
    const isSeen = (path: string): boolean => seen.some((part) => path === part || path.startsWith(`${part}/`));
    expect(copied.filter((path) => !isSeen(path))).toEqual([]);
  });

  it('starts processes as npm start does', () => {
    const [node, ...rest] = image.entryPoint;
    expect(node).toBe('/usr/local/bin/node');
    expect(rest.slice(0, -1)).toEqual([...NODE_FLAGS]);
    expect(inRepository(rest.at(-1)!)).toBe('container/quittance.mjs');
    expect(inRepository(image.healthCheck.at(-1)!)).toBe('container/ready.mjs');
  });

  it('can run every app, and everything that it is said to run is there', async () => {
    const table = await entryPoints();
    const sources = Object.values(table).map((path) => path.replace(/\.js$/, '.ts'));
    expect(sources.filter((path) => !existsSync(join(ROOT, path)))).toEqual([]);
    expect(sources).toEqual(expect.arrayContaining(globSync('apps/*/src/main.ts', { cwd: ROOT })));
  });

  it('is rid of what it has no use for: all of that is still where it is looked for', async () => {
    const { BY_PLACE } = (await import(join(ROOT, 'container', 'slim.mjs'))) as {
      readonly BY_PLACE: readonly string[];
    };
    const gone = BY_PLACE.filter((pattern) => globSync(pattern, { cwd: join(ROOT, 'node_modules') }).length === 0);
    expect(gone).toEqual([]);
  });
});
