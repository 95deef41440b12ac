import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { Mistake } from './mistakes.js';

/** What a file holds that somebody put a secret into: without the newline that editors end it with. */
export function readSecret(path: string): string {
  return readFileSync(path, 'utf8').replace(/\r?\n$/, '');
}

/**
 * What is wrong with a file that a variable names; null: it can be read and holds something.
 * @param path undefined: the variable is not set
 */
export function fileMistake(variable: string, path: string | undefined): Mistake | null {
  if (path === undefined) return null;
  try {
    return readSecret(path) === '' ? { path: variable, message: 'names a file that is empty' } : null;
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'unknown error';
    return { path: variable, message: `names a file that cannot be read (${code})` };
  }
}

/**
 * What is wrong with a file of certificates (PEM) that a variable names; null: it can be read and holds one.
 * @param path undefined: the variable is not set
 */
export function certificateMistake(variable: string, path: string | undefined): Mistake | null {
  if (path === undefined) return null;
  const unreadable = fileMistake(variable, path);
  if (unreadable !== null) return unreadable;
  try {
    // `createSecureContext` is silent about a file without any.
    new X509Certificate(readFileSync(path));
    return null;
  } catch {
    return { path: variable, message: 'names a file that holds no certificate (PEM)' };
  }
}
