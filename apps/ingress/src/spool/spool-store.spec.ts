import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { SpoolFolder } from './spool-folder.js';
import type { SpoolStore } from './spool-store.js';
import { SpoolRefusal, type SpoolNote } from './spool-terms.js';
import { append, BODY, drain, SpoolsForTests, texts } from './spools-for-tests.js';

describe('SpoolStore', () => {
  let spools: SpoolsForTests;
  let directory: string;
  let notes: readonly SpoolNote[];

  beforeEach(() => {
    spools = new SpoolsForTests();
    ({ directory, notes } = spools);
  });

  afterEach(() => {
    spools.remove();
  });

  /** Forgets what is empty, as if the projector had heard of it. */
  function forgetEmptied(store: SpoolStore): void {
    store.forget(store.status.emptied);
  }

  it('gives back what was appended, in order, over many segments, and gives back its space', () => {
    const store = spools.open();
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
    const store = spools.open();
    append(store, 0, 100);
    const batch = store.read(60, 1e6)!;
    append(store, 100, 100);
    store.drained(batch, 0);
    expect(drain(store)).toEqual(texts(60, 200));
  });

  it('what was read and not confirmed comes again', () => {
    const store = spools.open();
    append(store, 0, 10);
    store.read(10, 1e6);
    expect(drain(store)).toEqual(texts(0, 10));
  });

  it('hands out no more bytes than asked for, and one receipt at least', () => {
    const store = spools.open();
    append(store, 0, 10);
    expect(store.read(10, 3_500)!.receipts).toHaveLength(3);
    expect(store.read(10, 1)!.receipts).toHaveLength(1);
  });

  it('keeps over a restart what is not drained, and only that', () => {
    const first = spools.open();
    append(first, 0, 100);
    first.drained(first.read(30, 1e6)!, 0);
    first.close();
    const second = spools.open();
    expect(second.status).toMatchObject({ receipts: 70, oldest: 1_030, adopted: 1 });
    append(second, 100, 10);
    expect(drain(second)).toEqual(texts(30, 110));
    second.retire();
    forgetEmptied(second);
    expect(readdirSync(directory)).toEqual(['set-aside']);
  });

  it('takes nothing over from a process that lives, and everything from one that has ended', () => {
    const one = spools.open();
    const two = spools.open();
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
    const one = spools.open();
    append(one, 0, 10);
    one.close();
    const [name = ''] = readdirSync(directory).filter((entry) => entry !== 'set-aside');
    const two = spools.open();
    const three = spools.open();
    append(two, 10, 10);
    two.close();
    three.adopt();
    expect(three.status).toMatchObject({ receipts: 20, emptied: [] });
    drain(three);
    expect(three.status.emptied).toEqual([name]);
    // Its process ends before it could tell.
    three.close();
    const four = spools.open();
    expect([...four.status.folders, ...four.status.emptied]).toContain(name);
    four.retire();
    expect(four.status).toMatchObject({ folders: [], emptied: expect.arrayContaining([name]) });
    expect(readdirSync(directory)).toContain(name);
    forgetEmptied(four);
    expect(four.status.emptied).toEqual([]);
    expect(readdirSync(directory)).toEqual(['set-aside']);
  });

  it('the oldest is the least of all, wherever it lies', () => {
    const store = spools.open({ segmentBytes: 20_000 });
    append(store, 500, 100);
    append(store, 0, 100);
    expect(store.status.oldest).toBe(1_000);
  });

  it('nobody else can look into it', () => {
    const store = spools.open();
    for (const name of [...store.status.folders, 'set-aside']) {
      expect(statSync(join(directory, name)).mode & 0o077).toBe(0);
    }
  });

  it('a folder that cannot be had does not keep it from the others, and is told of once', () => {
    const bad = 'spool-00000000-0000-4000-8000-000000000000';
    mkdirSync(join(directory, bad, 'lock'), { recursive: true });
    const one = spools.open();
    append(one, 0, 10);
    one.close();
    const two = spools.open();
    two.adopt();
    expect(drain(two)).toEqual(texts(0, 10));
    const told = notes.filter(({ kind }) => kind === 'not-adopted');
    expect(told).toEqual([
      { kind: 'not-adopted', name: bad, reason: expect.any(String) },
      { kind: 'not-adopted', name: bad, reason: expect.any(String) },
    ]);
  });

  it('somebody has removed what was set aside, and the folder with it', () => {
    const store = spools.open();
    rmSync(join(directory, 'set-aside'), { recursive: true });
    append(store, 0, 10);
    store.drained(store.read(10, 1e6)!, 1);
    expect(store.status.setAside).toBe(1);
    rmSync(join(directory, 'set-aside'), { recursive: true });
    store.adopt();
    expect(store.status.setAside).toBe(0);
  });

  it('a disk on which no folder can be made is no obstacle, and is used when there is room', () => {
    const path = spools.smallDisk(4_000_000, 3);
    if (path === null) return;
    writeFileSync(join(path, 'full'), '');
    // Its own, `full` and `set-aside`: there is no fourth.
    const store = spools.open({ directory: path, segmentBytes: 500_000 });
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
    const path = spools.smallDisk(1_000_000, 100);
    if (path === null) return;
    const store = spools.open({ directory: path, segmentBytes: 500_000 });
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
    const store = spools.open({ maxBytes: 2_000_000 });
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
    expect(() => spools.open({ directory: join(directory, 'file', 'spool') })).toThrow(/ENOTDIR/);
  });
});
