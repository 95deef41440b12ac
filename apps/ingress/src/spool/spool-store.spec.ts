import { spawnSync } from 'node:child_process';
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { SpoolRefusal, SpoolStore, type SpoolNote, type SpoolSettings } from './spool-store.js';
import { SpoolFolder } from './spool-folder.js';

const BODY = 1_000;
const text = (number: number): string => `receipt ${number} ${'.'.repeat(BODY)}`;

describe('SpoolStore', () => {
  let directory: string;
  let notes: SpoolNote[];
  let opened: SpoolStore[];

  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'quittance-spool-'));
    notes = [];
    opened = [];
  });

  afterEach(() => {
    for (const store of opened) store.close();
    rmSync(directory, { recursive: true, force: true });
  });

  function open(settings: Partial<SpoolSettings> = {}): SpoolStore {
    const store = SpoolStore.open({ directory, maxBytes: 62_000_000, segmentBytes: 1_000_000, ...settings }, (note) =>
      notes.push(note),
    );
    opened.push(store);
    return store;
  }

  function append(store: SpoolStore, first: number, count: number): void {
    store.append(
      Array.from({ length: count }, (_, index) => ({
        receivedAt: 1_000 + first + index,
        bytes: Buffer.from(text(first + index)),
      })),
    );
  }

  /** Everything that can be drained, in the order in which it comes. */
  function drain(store: SpoolStore, maxRecords = 70): string[] {
    const texts: string[] = [];
    for (let batch = store.read(maxRecords, 1e6); batch !== null; batch = store.read(maxRecords, 1e6)) {
      texts.push(...batch.receipts.map((bytes) => Buffer.from(bytes).toString()));
      store.drained(batch, 0);
    }
    return texts;
  }

  /** Appends and dies by SIGKILL, so that nothing is closed. Resolves to its segments. */
  function spoolAndDie(count: number): string[] {
    // Another process of this test would need the built code; a store that is never closed leaves the same files, but for
    // the lock, which is why its folder is taken over under another name.
    const store = open({ segmentBytes: 1e9 });
    for (let first = 0; first < count; first += 20) append(store, first, 20);
    const [folder = ''] = store.status.folders;
    const copy = join(directory, 'spool-00000000-0000-4000-8000-000000000000');
    spawnSync('cp', ['-r', join(directory, folder), copy]);
    store.close();
    rmSync(join(directory, folder), { recursive: true, force: true });
    return readdirSync(copy)
      .filter((name) => name.endsWith('.sqlite'))
      .map((name) => join(copy, name));
  }

  const texts = (from: number, to: number): string[] =>
    Array.from({ length: to - from }, (_, index) => text(from + index));

  it('gives back what was appended, in order, over many segments, and gives back its space', () => {
    const store = open();
    for (let first = 0; first < 2_000; first += 200) append(store, first, 200);
    expect(store.status).toMatchObject({ receipts: 2_000, oldest: 1_000, problem: null });
    const { bytes } = store.status;
    expect(bytes).toBeGreaterThan(2_000 * BODY);
    const batch = store.read(750, 1e9)!;
    store.drained(batch, 0);
    expect(store.status.receipts).toBe(2_000 - batch.receipts.length);
    expect(store.status.oldest).toBe(1_000 + batch.receipts.length);
    expect(drain(store)).toEqual(texts(batch.receipts.length, 2_000));
    expect(store.status).toMatchObject({ receipts: 0, oldest: null, bytes: 0, setAside: 0, unreadable: 0 });
  });

  it('takes in while it is drained', () => {
    const store = open();
    append(store, 0, 100);
    const batch = store.read(60, 1e6)!;
    append(store, 100, 100);
    store.drained(batch, 0);
    expect(drain(store)).toEqual(texts(60, 200));
  });

  it('what was read and not confirmed comes again', () => {
    const store = open();
    append(store, 0, 10);
    store.read(10, 1e6);
    expect(drain(store)).toEqual(texts(0, 10));
  });

  it('hands out no more bytes than asked for, and one receipt at least', () => {
    const store = open();
    append(store, 0, 10);
    expect(store.read(10, 3_500)!.receipts).toHaveLength(3);
    expect(store.read(10, 1)!.receipts).toHaveLength(1);
  });

  it('keeps over a restart what is not drained, and only that', () => {
    const first = open();
    append(first, 0, 100);
    first.drained(first.read(30, 1e6)!, 0);
    first.close();
    const second = open();
    expect(second.status).toMatchObject({ receipts: 70, oldest: 1_030, adopted: 1 });
    append(second, 100, 10);
    expect(drain(second)).toEqual(texts(30, 110));
    second.close();
    expect(readdirSync(directory)).toEqual(['set-aside']);
  });

  it('takes nothing over from a process that lives, and everything from one that has ended', () => {
    const one = open();
    const two = open();
    append(one, 0, 10);
    two.adopt();
    expect(two.status.receipts).toBe(0);
    one.close();
    two.adopt();
    expect(two.status).toMatchObject({ receipts: 10, adopted: 1 });
    expect(drain(two)).toEqual(texts(0, 10));
    expect(two.status.folders).toHaveLength(1);
    expect(readdirSync(directory)).toHaveLength(2);
  });

  it('two never have the same folder', () => {
    SpoolFolder.create(directory).release();
    const [mine] = SpoolFolder.adoptAll(directory);
    expect(SpoolFolder.adoptAll(directory)).toEqual([]);
    mine!.remove();
    expect(SpoolFolder.adoptAll(directory)).toEqual([]);
  });

  it('refuses what would make it too large, and takes in again once it has been drained', () => {
    const store = open({ maxBytes: 2_000_000 });
    const fill = (): void => {
      for (let first = 0; first < 10_000; first += 100) append(store, first, 100);
    };
    expect(fill).toThrow(new SpoolRefusal('full'));
    expect(store.status.bytes).toBeLessThanOrEqual(2_200_000);
    const { receipts } = store.status;
    expect(drain(store)).toHaveLength(receipts);
    append(store, 0, 100);
  });

  it('a folder that cannot be written is refused at once', () => {
    writeFileSync(join(directory, 'file'), '');
    expect(() => open({ directory: join(directory, 'file', 'spool') })).toThrow(/ENOTDIR/);
  });

  describe('what is damaged is set aside, told and never silently cut', () => {
    it('the tail of a file is missing', () => {
      const [path = ''] = spoolAndDie(200);
      truncateSync(path, Math.floor((statSync(path).size * 0.9) / 4096) * 4096 - 1_000);
      const torn = readFileSync(path);
      const store = open();
      const drained = drain(store);
      expect(drained.length).toBeGreaterThan(150);
      expect(drained.length).toBeLessThan(200);
      const seen = new Set(drained);
      // In order, whichever are missing.
      expect(drained).toEqual(texts(0, 200).filter((one) => seen.has(one)));
      expect(store.status).toMatchObject({ setAside: 1, unreadable: 200 - drained.length, receipts: 0 });
      expect(notes).toContainEqual({
        kind: 'set-aside',
        file: expect.stringMatching(/\.sqlite$/),
        unreadable: 200 - drained.length,
      });
      const [name = ''] = readdirSync(join(directory, 'set-aside'));
      expect(readFileSync(join(directory, 'set-aside', name)).equals(torn)).toBe(true);
    });

    it.each([0.3, 0.6, 0.95])('bytes are others, at %f of the file', (part) => {
      const [path = ''] = spoolAndDie(200);
      const bytes = readFileSync(path);
      const at = Math.floor(bytes.length * part);
      for (let index = at; index < at + 1_500; index++) bytes[index] = bytes[index]! ^ 0xff;
      writeFileSync(path, bytes);
      const store = open();
      const drained = drain(store);
      const { unreadable } = store.status;
      expect(unreadable).toBeGreaterThan(0);
      expect(drained.length + unreadable).toBe(200);
      expect(drained.length).toBeGreaterThan(185);
      expect(new Set(drained).size).toBe(drained.length);
      expect(texts(0, 200)).toEqual(expect.arrayContaining(drained));
      expect(store.status.setAside).toBe(1);
    });

    it('a file is no segment at all', () => {
      const [path = ''] = spoolAndDie(20);
      writeFileSync(path, 'nothing that anybody could read');
      const store = open();
      expect(drain(store)).toEqual([]);
      expect(store.status.setAside).toBe(1);
      expect(notes).toContainEqual(expect.objectContaining({ kind: 'set-aside', unreadable: null }));
      append(store, 0, 10);
      expect(drain(store)).toEqual(texts(0, 10));
    });

    it('but not a file that its process had only just begun', () => {
      const [path = ''] = spoolAndDie(20);
      writeFileSync(path, '');
      rmSync(`${path}-journal`);
      const store = open();
      expect(drain(store)).toEqual([]);
      expect(store.status.setAside).toBe(0);
    });

    it('a file holds something that Kafka refuses', () => {
      const store = open();
      append(store, 0, 10);
      store.drained(store.read(10, 1e6)!, 1);
      expect(store.status).toMatchObject({ receipts: 0, setAside: 1, unreadable: 1 });
    });

    it('what somebody puts back, in a folder of its own, is drained', () => {
      const store = open();
      append(store, 0, 10);
      store.drained({ ...store.read(5, 1e6)! }, 1);
      store.drained(store.read(5, 1e6)!, 0);
      const [name = ''] = readdirSync(join(directory, 'set-aside')).filter((file) => file.endsWith('.sqlite'));
      const folder = join(directory, 'spool-00000000-0000-4000-8000-000000000001');
      mkdirSync(folder);
      renameSync(join(directory, 'set-aside', name), join(folder, name));
      new DatabaseSync(join(folder, name)).exec('UPDATE position SET drained = 0');
      store.adopt();
      expect(store.status).toMatchObject({ setAside: 0, receipts: 10 });
      expect(drain(store)).toEqual(texts(0, 10));
    });
  });
});
