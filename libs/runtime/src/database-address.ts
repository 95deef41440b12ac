import type { Mistake } from './mistakes.js';
import { certificateMistake, fileMistake, readSecret } from './named-files.js';

/** The variables that say where the database is and how we are let in. */
export interface DatabaseVariables {
  readonly DATABASE_URL?: string;
  readonly DATABASE_CA_FILE?: string;
  readonly DATABASE_PASSWORD_FILE?: string;
}

/**
 * Asked for any of these, `pg` 8 does the last: it encrypts and checks certificate and name. It warns that from
 * version 9 on the others will check less, as libpq has them do. We go on checking.
 * https://node-postgres.com/features/ssl
 */
const ENCRYPTED = new Set(['prefer', 'require', 'verify-ca', 'verify-full']);
const CHECKED = 'verify-full';

/**
 * One address that says everything, because `pg` takes what stands in an address for more than what is said beside it.
 * The certificates' file is named in it, not read: `pg` reads it for every session.
 * @returns null where no address is set
 */
export function databaseAddress(variables: DatabaseVariables): string | null {
  const { DATABASE_URL, DATABASE_CA_FILE, DATABASE_PASSWORD_FILE } = variables;
  if (DATABASE_URL === undefined) return null;
  const mode = parametersOf(DATABASE_URL).get('sslmode');
  const isEncrypted = DATABASE_CA_FILE !== undefined || (mode !== null && ENCRYPTED.has(mode));
  return withParameters(DATABASE_URL, {
    ...(isEncrypted && mode !== CHECKED ? { sslmode: CHECKED } : {}),
    ...(DATABASE_CA_FILE === undefined ? {} : { sslrootcert: DATABASE_CA_FILE }),
    ...(DATABASE_PASSWORD_FILE === undefined ? {} : { password: readSecret(DATABASE_PASSWORD_FILE) }),
  });
}

/** What is wrong with how the variables go together, and with the files that they name. */
export function databaseMistakes(variables: DatabaseVariables): Mistake[] {
  const { DATABASE_URL, DATABASE_CA_FILE, DATABASE_PASSWORD_FILE } = variables;
  const mistakes: Mistake[] = [];
  const ca = certificateMistake('DATABASE_CA_FILE', DATABASE_CA_FILE);
  const password = fileMistake('DATABASE_PASSWORD_FILE', DATABASE_PASSWORD_FILE);
  for (const mistake of [ca, password]) if (mistake !== null) mistakes.push(mistake);
  if (DATABASE_URL === undefined) return mistakes;
  const mode = parametersOf(DATABASE_URL).get('sslmode');
  if (DATABASE_CA_FILE !== undefined && mode !== null && !ENCRYPTED.has(mode)) {
    const message = 'is set, and sslmode of DATABASE_URL says that nothing is to be checked: leave one out';
    mistakes.push({ path: 'DATABASE_CA_FILE', message });
  }
  if (DATABASE_PASSWORD_FILE !== undefined && hasPassword(DATABASE_URL)) {
    mistakes.push({
      path: 'DATABASE_PASSWORD_FILE',
      message: 'is set, and DATABASE_URL has a password: leave one out',
    });
  }
  return mistakes;
}

/** Cut by hand: `postgresql://user@/database?host=/run` is an address to Postgres, and none to `URL`. */
function parametersOf(address: string): URLSearchParams {
  return new URLSearchParams(address.split('?').slice(1).join('?'));
}

function withParameters(address: string, added: Readonly<Record<string, string>>): string {
  if (Object.keys(added).length === 0) return address;
  const parameters = parametersOf(address);
  for (const [name, value] of Object.entries(added)) parameters.set(name, value);
  return `${address.split('?')[0]!}?${parameters.toString()}`;
}

function hasPassword(address: string): boolean {
  const [, userinfo] = /^[^/]*\/\/([^/?#]*)@/.exec(address) ?? [];
  return userinfo?.includes(':') === true || parametersOf(address).has('password');
}
