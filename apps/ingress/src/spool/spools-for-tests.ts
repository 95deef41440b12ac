import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { mountMemory } from '../../../../test/system/small-disk.js';
import { SpoolStore } from './spool-store.js';
import type { SpoolNote, SpoolSettings } from './spool-terms.js';

/** Characters of a receipt, and a few more. */
export const BODY = 1_000;

/** What receipt `number` says. */
export const text = (number: number): string => `receipt ${number} ${'.'.repeat(BODY)}`;

/** What the receipts from a number to before another say. */
export const texts = (from: number, to: number): string[] =>
  Array.from({ length: to - from }, (_, index) => text(from + index));

/** Appends so many receipts; the first was received at 1,000 + its number. */
export function append(store: SpoolStore, first: number, count: number): void {
  store.append(
    Array.from({ length: count }, (_, index) => ({
      receivedAt: 1_000 + first + index,
      bytes: Buffer.from(text(first + index)),
    })),
  );
}

/** Everything that can be drained, in the order in which it comes. */
export function drain(store: SpoolStore, maxRecords = 70): string[] {
  const drained: string[] = [];
  for (let batch = store.read(maxRecords, 1e6); batch !== null; batch = store.read(maxRecords, 1e6)) {
    drained.push(...batch.receipts.map((bytes) => Buffer.from(bytes).toString()));
    store.drained(batch, 0);
  }
  return drained;
}

/** Spools in a folder of a test's own, and what they have told of. */
export class SpoolsForTests {
  readonly directory = mkdtempSync(join(tmpdir(), 'quittance-spool-'));
  readonly notes: SpoolNote[] = [];
  readonly #opened: SpoolStore[] = [];
  readonly #unmounts: (() => void)[] = [];

  open(settings: Partial<SpoolSettings> = {}): SpoolStore {
    const { directory, notes } = this;
    const store = SpoolStore.open({ directory, maxBytes: 62_000_000, segmentBytes: 1_000_000, ...settings }, (note) =>
      notes.push(note),
    );
    this.#opened.push(store);
    return store;
  }

  /** Appends, and leaves what a process leaves that is killed: nothing is closed. Its segments. */
  spoolAndDie(count: number): string[] {
    // Another process of this test would need the built code; a store that is never closed leaves the same files, but for
    // the lock, which is why its folder is taken over under another name.
    const store = this.open({ segmentBytes: 1e9 });
    for (let first = 0; first < count; first += 20) append(store, first, 20);
    const [folder = ''] = store.status.folders;
    const copy = join(this.directory, 'spool-00000000-0000-4000-8000-000000000000');
    spawnSync('cp', ['-r', join(this.directory, folder), copy]);
    store.close();
    rmSync(join(this.directory, folder), { recursive: true, force: true });
    return readdirSync(copy)
      .filter((name) => name.endsWith('.sqlite'))
      .map((name) => join(copy, name));
  }

  /** A disk of so many bytes and files; null: we may not mount one. */
  smallDisk(bytes: number, files: number): string | null {
    const path = join(this.directory, 'disk');
    mkdirSync(path);
    const unmount = mountMemory(path, `size=${bytes},nr_inodes=${files}`);
    if (unmount === null) return null;
    this.#unmounts.push(unmount);
    return path;
  }

  /** Closes and removes all of it. */
  remove(): void {
    for (const store of this.#opened) store.close();
    for (const unmount of this.#unmounts) unmount();
    rmSync(this.directory, { recursive: true, force: true });
  }
}
