import { describe, expect, it } from '@jest/globals';
import { textOf } from './source-tree.js';

interface Manifest {
  readonly dependencies: Readonly<Record<string, string>>;
  readonly devDependencies: Readonly<Record<string, string>>;
}

const EXACT = /^\d+\.\d+\.\d+(?:-[0-9A-Za-z.-]+)?$/;

function inexact({ dependencies, devDependencies }: Manifest): string[] {
  return Object.entries({ ...dependencies, ...devDependencies })
    .filter(([, version]) => !EXACT.test(version))
    .map(([name, version]) => `${name} ${version}`);
}

describe('packages', () => {
  const manifest = JSON.parse(textOf('package.json')) as Manifest;

  it('are wanted in exact versions', () => {
    expect(Object.keys(manifest.dependencies).length).toBeGreaterThan(0);
    expect(inexact(manifest)).toEqual([]);
    const loose = { a: '^1.2.3', b: '1.2', c: 'latest', d: '1.2.3 || 2.0.0', e: 'file:../e', f: '1.2.3-beta.1' };
    expect(inexact({ dependencies: loose, devDependencies: {} })).toHaveLength(5);
  });

  it('come from whichever registry a machine is set up for: the lockfile names none', () => {
    const lockfile = textOf('package-lock.json');
    expect(lockfile).toContain('"integrity"');
    expect(lockfile).not.toContain('"resolved"');
    expect(textOf('.npmrc')).toMatch(/^omit-lockfile-registry-resolved=true$/m);
  });
});
