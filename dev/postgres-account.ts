import { execFileSync, spawnSync } from 'node:child_process';

/** The operating-system account that the Postgres server runs as. */
export interface Account {
  readonly uid: number;
  readonly gid: number;
}

/**
 * Postgres refuses to run as root. Then it runs as `postgres` where that account exists, else as `nobody`, which
 * exists everywhere: making an account would change the machine for good.
 * @returns null when we are not root and can run it ourselves
 */
export function postgresAccount(): Account | null {
  if (process.getuid?.() !== 0) return null;
  for (const name of ['postgres', 'nobody']) {
    const uid = idOf('-u', name);
    const gid = idOf('-g', name);
    if (uid !== null && gid !== null) return { uid, gid };
  }
  return { uid: 65_534, gid: 65_534 };
}

/** Whether an account gets to a directory: a checkout below /root is closed to everyone else. */
export function canEnter(directory: string, account: Account): boolean {
  // The shell is the judge: it sees modes, owners and access lists alike.
  const { status } = spawnSync('/bin/sh', ['-c', 'cd "$1"', 'sh', directory], { ...account, cwd: '/' });
  return status === 0;
}

function idOf(flag: '-u' | '-g', name: string): number | null {
  try {
    return Number.parseInt(execFileSync('id', [flag, name], { encoding: 'utf8', stdio: 'pipe' }), 10);
  } catch {
    return null;
  }
}
