import {
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { SpoolNote } from './spool-terms.js';
import { append, drain, SpoolsForTests, text, texts } from './spools-for-tests.js';

/** Of SQLite, bytes. */
const PAGE = 4_096;

describe('what is damaged in a spool is set aside, told and never silently cut', () => {
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

  it('the tail of a file is missing', () => {
    const [path = ''] = spools.spoolAndDie(200);
    truncateSync(path, Math.floor((statSync(path).size * 0.9) / 4096) * 4096 - 1_000);
    const torn = readFileSync(path);
    const store = spools.open();
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
    const [path = ''] = spools.spoolAndDie(200);
    const bytes = readFileSync(path);
    const at = Math.floor(bytes.length * part);
    for (let index = at; index < at + 1_500; index++) bytes[index] = bytes[index]! ^ 0xff;
    writeFileSync(path, bytes);
    const store = spools.open();
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
    const [path = ''] = spools.spoolAndDie(200);
    invertPage(path, positionPage(path));
    const store = spools.open();
    expect(store.status).toMatchObject({ receipts: 200, oldest: 1_000 });
    expect(drain(store)).toEqual(texts(0, 200));
    expect(store.status).toMatchObject({ setAside: 1, unreadable: 0, receipts: 0 });
  });

  it('the same while it is drained, and a receipt beside it', () => {
    const [path = ''] = spools.spoolAndDie(600);
    const position = positionPage(path);
    const store = spools.open();
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
    const [path = ''] = spools.spoolAndDie(200);
    invertPage(path, pageOf(path, 'receipt 0 '));
    const store = spools.open();
    const { oldest, receipts } = store.status;
    expect(receipts).toBe(200);
    expect(oldest).toBeGreaterThan(1_000);
    const [first = ''] = drain(store);
    expect(first).toBe(text(oldest! - 1_000));
  });

  it('files of one name are all kept', () => {
    const name = '00000000000001-00000001.sqlite';
    for (const folder of ['spool-00000000-0000-4000-8000-00000000000a', 'spool-00000000-0000-4000-8000-00000000000b']) {
      mkdirSync(join(directory, folder));
      writeFileSync(join(directory, folder, name), `no segment, ${folder}`);
    }
    // And a third one from a folder of the same name.
    mkdirSync(join(directory, 'set-aside'));
    const taken = '00000000000001-00000001.spool-00000000-0000-4000-8000-00000000000a.sqlite';
    writeFileSync(join(directory, 'set-aside', taken), 'was there before');
    spools.open();
    const kept = readdirSync(join(directory, 'set-aside'));
    expect(new Set(kept.map((file) => readFileSync(join(directory, 'set-aside', file), 'utf8'))).size).toBe(3);
  });

  it('a file is no segment at all', () => {
    const [path = ''] = spools.spoolAndDie(20);
    writeFileSync(path, 'nothing that anybody could read');
    const store = spools.open();
    expect(drain(store)).toEqual([]);
    expect(store.status.setAside).toBe(1);
    expect(notes).toContainEqual(expect.objectContaining({ kind: 'set-aside', unreadable: null }));
    append(store, 0, 10);
    expect(drain(store)).toEqual(texts(0, 10));
  });

  it('but not a file that its process had only just begun', () => {
    const [path = ''] = spools.spoolAndDie(20);
    writeFileSync(path, '');
    rmSync(`${path}-journal`);
    const store = spools.open();
    expect(drain(store)).toEqual([]);
    expect(store.status.setAside).toBe(0);
  });

  it('a file holds something that Kafka refuses', () => {
    const store = spools.open();
    append(store, 0, 10);
    store.drained(store.read(10, 1e6)!, 1);
    expect(store.status).toMatchObject({ receipts: 0, setAside: 1, unreadable: 1 });
  });

  it('what somebody puts back, in a folder of its own, is drained', () => {
    const store = spools.open();
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
