import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/**
 * Fills a directory by `build` unless it holds what these files make. It appears as a whole: what broke off leaves
 * nothing that looks complete.
 */
export async function buildOnce(
  directory: string,
  inputs: readonly string[],
  build: (directory: string) => Promise<void>,
): Promise<void> {
  const hash = hashOf(inputs);
  const stampIn = (place: string): string => join(place, '.inputs.sha256');
  const isThere = (): boolean => existsSync(stampIn(directory)) && readFileSync(stampIn(directory), 'utf8') === hash;
  if (isThere()) return;
  const partial = `${directory}.${process.pid}`;
  rmSync(partial, { recursive: true, force: true });
  mkdirSync(dirname(partial), { recursive: true });
  try {
    await build(partial);
    writeFileSync(stampIn(partial), hash);
    rmSync(directory, { recursive: true, force: true });
    renameSync(partial, directory);
  } catch (error) {
    rmSync(partial, { recursive: true, force: true });
    // Another run was quicker: what it made is the same.
    if (!isThere()) throw error;
  }
}

/** Hash of the contents of files, in their order. */
export function hashOf(files: readonly string[]): string {
  const hash = createHash('sha256');
  for (const file of files) hash.update(readFileSync(file)).update('\0');
  return hash.digest('hex');
}
