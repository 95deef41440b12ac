import { closeSync, fsyncSync, openSync, renameSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';

/** Removes a file and its journal. */
export function removeSegment(path: string): void {
  rmSync(path, { force: true });
  rmSync(journalOf(path), { force: true });
}

/** Puts a file elsewhere that could not even be opened. */
export function moveSegment(from: string, to: string): void {
  renameSync(from, to);
  try {
    renameSync(journalOf(from), journalOf(to));
  } catch {
    // There is none.
  }
  syncDirectory(dirname(to));
  syncDirectory(dirname(from));
}

/** Makes names durable: a file that is synced, in a folder that is not, may be gone after a power cut. */
export function syncDirectory(path: string): void {
  const descriptor = openSync(path, 'r');
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

function journalOf(path: string): string {
  return `${path}-journal`;
}
