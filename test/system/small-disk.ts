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

/** Mounts one for Postgres to write to; null where that is not allowed: only root may, and not in every container. */
export function mountSmallDisk(mebibytes: number): SmallDisk | null {
  const path = mkdtempSync(join(tmpdir(), 'quittance-disk-'));
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${mebibytes}m`, 'tmpfs', path], { stdio: 'ignore' });
  } catch {
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
      execFileSync('umount', ['--lazy', path]);
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
