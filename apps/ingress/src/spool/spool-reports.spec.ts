import { beforeEach, describe, expect, it } from '@jest/globals';
import type { SpoolReport } from '#contracts';
import type { OutgoingRecord } from '#kafka';
import { SpoolReports } from './spool-reports.js';
import type { SpoolStatus } from './spool-terms.js';

/** A spool that is told of, and a Kafka that confirms or not. */
class World {
  connected = true;
  confirm: () => Promise<void> = () => Promise.resolve();
  readonly told: [string, number | null][] = [];
  readonly forgotten: string[] = [];
  held = ['own'];
  emptied: string[] = [];
  oldest: number | null = null;
  readonly reports = new SpoolReports({
    spool: this,
    producer: this,
    topic: 'spools',
    logger: { warn: () => undefined },
  });

  get status(): SpoolStatus {
    const { held: folders, emptied, oldest } = this;
    const receipts = oldest === null ? 0 : 1;
    return { folders, emptied, oldest, receipts, bytes: 0, adopted: 0, setAside: 0, unreadable: 0, problem: null };
  }

  retire(): Promise<void> {
    if (this.oldest === null) this.emptied.push(...this.held.splice(0));
    this.oldest = null;
    return Promise.resolve();
  }

  forget(folders: readonly string[]): Promise<void> {
    this.forgotten.push(...folders);
    this.emptied = this.emptied.filter((name) => !folders.includes(name));
    return Promise.resolve();
  }

  connect(): Promise<void> {
    return new Promise(() => undefined);
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  async publishAll(records: readonly OutgoingRecord[]): Promise<void> {
    await this.confirm();
    for (const { key, value } of records) {
      this.told.push([String(key), (JSON.parse(String(value)) as SpoolReport).behindMs]);
    }
  }
}

describe('SpoolReports', () => {
  let world: World;

  beforeEach(() => {
    world = new World();
  });

  const fails = (): Promise<void> => Promise.reject(new Error('no'));

  it('tells how far behind what is held is, as an age', async () => {
    await world.reports.tell();
    world.oldest = Date.now() - 60_000;
    await world.reports.tell();
    expect(world.told[0]).toEqual(['own', 0]);
    expect(world.told[1]![1]).toBeGreaterThanOrEqual(60_000);
    // A clock that was set back.
    world.oldest = Date.now() + 60_000;
    await world.reports.tell();
    expect(world.told[2]).toEqual(['own', 0]);
  });

  it('a spool that was taken over and drained between two reports is told to be gone, and only then its folder goes', async () => {
    world.emptied = ['orphan'];
    await world.reports.tell();
    expect(world.told).toEqual([
      ['own', 0],
      ['orphan', null],
    ]);
    expect(world.forgotten).toEqual(['orphan']);
    await world.reports.tell();
    expect(world.told.slice(2)).toEqual([['own', 0]]);
  });

  it('that a spool is gone is told until Kafka has confirmed it', async () => {
    world.emptied = ['orphan'];
    world.confirm = fails;
    await world.reports.tell();
    expect(world.forgotten).toEqual([]);
    world.confirm = () => Promise.resolve();
    await world.reports.tell();
    expect(world.told).toContainEqual(['orphan', null]);
    expect(world.forgotten).toEqual(['orphan']);
  });

  it('at the end an empty spool is told to be gone', async () => {
    await world.reports.stop();
    expect(world.told).toEqual([['own', null]]);
    expect(world.forgotten).toEqual(['own']);
  });

  it('at the end nothing new is said of a spool that holds something', async () => {
    world.oldest = 1;
    await world.reports.stop();
    expect(world.told).toEqual([]);
    expect(world.forgotten).toEqual([]);
  });

  it.each([
    ['is away', (one: World) => (one.connected = false)],
    ['refuses', (one: World) => (one.confirm = fails)],
    ['hangs', (one: World) => (one.confirm = () => new Promise(() => undefined))],
  ])('at the end, where Kafka %s, the folder stays for the next process to tell of', async (_what, happen) => {
    happen(world);
    await world.reports.stop();
    expect(world.told).toEqual([]);
    expect(world.forgotten).toEqual([]);
  });
});
