import { execFileSync } from 'node:child_process';
import { chownSync, mkdtempSync, rmSync } from 'node:fs';
import { open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { postgresAccount } from '../../dev/postgres-account.js';

/** A file system in memory, of a size that a test can fill. */
export interface SmallDisk {
  readonly path: string;
  /** Fills it to the last byte; the answer frees it again. */
  fill(): Promise<() => Promise<void>>;
  /** Makes room, or takes it. @param mebibytes in all */
  resize(mebibytes: number): void;
  remove(): void;
}

/**
 * Mounts a file system in memory; null where that is not allowed: only root may, and not in every container.
 * @param path an empty folder
 * @param options of tmpfs(5), such as `size=3m`
 * @returns what unmounts it, also while somebody has its files open
 */
export function mountMemory(path: string, options: string): (() => void) | null {
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', options, 'tmpfs', path], { stdio: 'ignore' });
  } catch {
    return null;
  }
  return () => {
    execFileSync('umount', ['--lazy', path]);
  };
}

/** Mounts one for Postgres to write to; null where that is not allowed. */
export function mountSmallDisk(mebibytes: number): SmallDisk | null {
  const path = mkdtempSync(join(tmpdir(), 'quittance-disk-'));
  const unmount = mountMemory(path, `size=${mebibytes}m`);
  if (unmount === null) {
    rmSync(path, { recursive: true, force: true });
    return null;
  }
  const account = postgresAccount();
  if (account !== null) chownSync(path, account.uid, account.gid);
  return {
    path,
    fill: () => fill(path),
    resize: (size) => {
      execFileSync('mount', ['-o', `remount,size=${size}m`, path]);
    },
    remove: () => {
      unmount();
      rmSync(path, { recursive: true, force: true });
    },
  };
}

async function fill(path: string): Promise<() => Promise<void>> {
  const file = join(path, 'ballast');
  const ballast = await open(file, 'w');
  for (const size of [1 << 20, 1 << 12]) {
    try {
      for (;;) await ballast.write(Buffer.alloc(size));
    } catch {
      // Full, at least for pieces of this size.
    }
  }
  await ballast.close();
  return () => rm(file);
}
