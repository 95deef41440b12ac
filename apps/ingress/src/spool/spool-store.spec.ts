import { execFileSync, spawnSync } from 'node:child_process';
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
import { setTimeout as delay } from 'node:timers/promises';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { SpoolRefusal, SpoolStore, type SpoolNote, type SpoolSettings } from './spool-store.js';
import { SpoolFolder } from './spool-folder.js';

const BODY = 1_000;
/** Of SQLite. */
const PAGE = 4_096;
const text = (number: number): string => `receipt ${number} ${'.'.repeat(BODY)}`;

describe('SpoolStore', () => {
  let directory: string;
  let notes: SpoolNote[];
  let opened: SpoolStore[];
  const disks: string[] = [];

  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'quittance-spool-'));
    notes = [];
    opened = [];
  });

  afterEach(() => {
    for (const store of opened) store.close();
    for (const path of disks.splice(0)) execFileSync('umount', ['-l', path]);
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

  /** A disk of so many bytes and files; null: we may not mount one. */
  function smallDisk(bytes: number, files: number): string | null {
    const path = join(directory, 'disk');
    mkdirSync(path);
    try {
      execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${bytes},nr_inodes=${files}`, 'tmpfs', path], {
        stdio: 'ignore',
      });
    } catch {
      return null;
    }
    disks.push(path);
    return path;
  }

  /** Forgets what is empty, as if the projector had heard of it. */
  function forgetEmptied(store: SpoolStore): void {
    store.forget(store.status.emptied);
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
    second.retire();
    forgetEmptied(second);
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
    forgetEmptied(two);
    expect(readdirSync(directory)).toHaveLength(2);
  });

  it('what was emptied is named until it is forgotten, whoever holds it then', () => {
    const one = open();
    append(one, 0, 10);
    one.close();
    const [name = ''] = readdirSync(directory).filter((entry) => entry !== 'set-aside');
    const two = open();
    const three = open();
    append(two, 10, 10);
    two.close();
    three.adopt();
    expect(three.status).toMatchObject({ receipts: 20, emptied: [] });
    drain(three);
    expect(three.status.emptied).toEqual([name]);
    // Its process ends before it could tell.
    three.close();
    const four = open();
    expect([...four.status.folders, ...four.status.emptied]).toContain(name);
    four.retire();
    expect(four.status).toMatchObject({ folders: [], emptied: expect.arrayContaining([name]) });
    expect(readdirSync(directory)).toContain(name);
    forgetEmptied(four);
    expect(four.status.emptied).toEqual([]);
    expect(readdirSync(directory)).toEqual(['set-aside']);
  });

  it('the oldest is the least of all, wherever it lies', () => {
    const store = open({ segmentBytes: 20_000 });
    append(store, 500, 100);
    append(store, 0, 100);
    expect(store.status.oldest).toBe(1_000);
  });

  it('nobody else can look into it', () => {
    const store = open();
    for (const name of [...store.status.folders, 'set-aside']) {
      expect(statSync(join(directory, name)).mode & 0o077).toBe(0);
    }
  });

  it('a folder that cannot be had does not keep it from the others, and is told of once', () => {
    const bad = 'spool-00000000-0000-4000-8000-000000000000';
    mkdirSync(join(directory, bad, 'lock'), { recursive: true });
    const one = open();
    append(one, 0, 10);
    one.close();
    const two = open();
    two.adopt();
    expect(drain(two)).toEqual(texts(0, 10));
    const told = notes.filter(({ kind }) => kind === 'not-adopted');
    expect(told).toEqual([
      { kind: 'not-adopted', name: bad, reason: expect.any(String) },
      { kind: 'not-adopted', name: bad, reason: expect.any(String) },
    ]);
  });

  it('somebody has removed what was set aside, and the folder with it', () => {
    const store = open();
    rmSync(join(directory, 'set-aside'), { recursive: true });
    append(store, 0, 10);
    store.drained(store.read(10, 1e6)!, 1);
    expect(store.status.setAside).toBe(1);
    rmSync(join(directory, 'set-aside'), { recursive: true });
    store.adopt();
    expect(store.status.setAside).toBe(0);
  });

  it('a disk on which no folder can be made is no obstacle, and is used when there is room', () => {
    const path = smallDisk(4_000_000, 3);
    if (path === null) return;
    writeFileSync(join(path, 'full'), '');
    // Its own, `full` and `set-aside`: there is no fourth.
    const store = open({ directory: path, segmentBytes: 500_000 });
    expect(store.status).toMatchObject({ folders: [], problem: 'failing' });
    expect(notes).toEqual([{ kind: 'failed', reason: expect.stringContaining('ENOSPC') }]);
    rmSync(join(path, 'full'));
    execFileSync('mount', ['-o', 'remount,nr_inodes=20', path]);
    store.adopt();
    expect(store.status).toMatchObject({ folders: [expect.any(String)], problem: null });
    append(store, 0, 10);
    expect(drain(store)).toEqual(texts(0, 10));
  });

  it('a disk that stays full gathers no empty files, and does not seem to work each time that it has rested', async () => {
    const path = smallDisk(1_000_000, 100);
    if (path === null) return;
    const store = open({ directory: path, segmentBytes: 500_000 });
    const files = (): number => readdirSync(join(path, store.status.folders[0]!)).length;
    expect(() => {
      for (let first = 0; ; first += 100) append(store, first, 100);
    }).toThrow(new SpoolRefusal('failing'));
    const before = files();
    await delay(1_050);
    expect(() => {
      append(store, 0, 400);
    }).toThrow(new SpoolRefusal('failing'));
    expect(files()).toBe(before);
    await delay(1_050);
    store.adopt();
    expect(store.status.problem).toBe('failing');
    expect(drain(store).length).toBeGreaterThan(0);
    store.adopt();
    expect(store.status.problem).toBeNull();
    append(store, 0, 10);
  });

  it('two never have the same folder', () => {
    SpoolFolder.create(directory).release();
    const adoptAll = () =>
      SpoolFolder.adoptAll(directory, (_name, error) => {
        throw error;
      });
    const [mine] = adoptAll();
    expect(adoptAll()).toEqual([]);
    mine!.remove();
    expect(adoptAll()).toEqual([]);
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

    /** Inverts a page, numbered from 1. */
    function invertPage(path: string, page: number): void {
      const bytes = readFileSync(path);
      for (let at = (page - 1) * PAGE; at < page * PAGE; at++) bytes[at] = bytes[at]! ^ 0xff;
      writeFileSync(path, bytes);
    }

    /** The page that says how far a file is drained. */
    function positionPage(path: string): number {
      const db = new DatabaseSync(path);
      const { rootpage } = db.prepare(`SELECT rootpage FROM sqlite_schema WHERE name = 'position'`).get()!;
      db.close();
      return Number(rootpage);
    }

    /** The page that a receipt is in now: a page that it was moved from may come before. */
    const pageOf = (path: string, content: string): number =>
      Math.floor(readFileSync(path).lastIndexOf(content) / PAGE) + 1;

    it('it does not say any more how far it is drained: everything is, and it is kept', () => {
      const [path = ''] = spoolAndDie(200);
      invertPage(path, positionPage(path));
      const store = open();
      expect(store.status).toMatchObject({ receipts: 200, oldest: 1_000 });
      expect(drain(store)).toEqual(texts(0, 200));
      expect(store.status).toMatchObject({ setAside: 1, unreadable: 0, receipts: 0 });
    });

    it('the same while it is drained, and a receipt beside it', () => {
      const [path = ''] = spoolAndDie(600);
      const position = positionPage(path);
      const store = open();
      const first = store.read(70, 1e6)!;
      store.drained(first, 0);
      // Far from what is in memory already.
      invertPage(path, pageOf(path, 'receipt 500 '));
      invertPage(path, position);
      const drained = drain(store, 600);
      expect(drained.length).toBeGreaterThan(520);
      expect(drained.length + store.status.unreadable).toBe(530);
      expect(drained).toEqual(texts(70, 600).filter((one) => drained.includes(one)));
      expect(store.status).toMatchObject({ setAside: 1, receipts: 0 });
    });

    it('the first receipts: it is as old as the first that can be read', () => {
      const [path = ''] = spoolAndDie(200);
      invertPage(path, pageOf(path, 'receipt 0 '));
      const store = open();
      const { oldest, receipts } = store.status;
      expect(receipts).toBe(200);
      expect(oldest).toBeGreaterThan(1_000);
      const [first = ''] = drain(store);
      expect(first).toBe(text(oldest! - 1_000));
    });

    it('files of one name are all kept', () => {
      const name = '00000000000001-00000001.sqlite';
      for (const folder of [
        'spool-00000000-0000-4000-8000-00000000000a',
        'spool-00000000-0000-4000-8000-00000000000b',
      ]) {
        mkdirSync(join(directory, folder));
        writeFileSync(join(directory, folder, name), `no segment, ${folder}`);
      }
      // And a third one from a folder of the same name.
      mkdirSync(join(directory, 'set-aside'));
      const taken = '00000000000001-00000001.spool-00000000-0000-4000-8000-00000000000a.sqlite';
      writeFileSync(join(directory, 'set-aside', taken), 'was there before');
      open();
      const kept = readdirSync(join(directory, 'set-aside'));
      expect(new Set(kept.map((file) => readFileSync(join(directory, 'set-aside', file), 'utf8'))).size).toBe(3);
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
