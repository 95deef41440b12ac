import { beforeEach, describe, expect, it } from '@jest/globals';
import { ConsumerProgress, type TellBounds, type TopicProgress } from './consumer-progress.js';

const TOPIC = 'quittance.events.v1';
const NONE: ReadonlyMap<number, bigint> = new Map();

let now = 0;
let progress: ConsumerProgress;

beforeEach(() => {
  now = 1_000_000;
  progress = new ConsumerProgress(new Map([[TOPIC, 'events.v1']]), () => now);
  progress.assigned({ [TOPIC]: [0, 1] });
});

const read = (): Partial<TopicProgress> => progress.read()[0]!;
const lag = (): readonly [records: number, seconds: number] => [read().lagRecords!, read().lagSeconds!];
const ends = (...highs: number[]): ReadonlyMap<number, { readonly low: bigint; readonly high: bigint }> =>
  new Map(highs.map((high, partition) => [partition, { low: 0n, high: BigInt(high) }]));

/** It was asked, and the answer came at once. */
function looked(...answer: Parameters<TellBounds>): void {
  progress.look(TOPIC)(...answer);
}

function fetched(partition: number, next: number, end: number, time: number | null): void {
  progress.fetched({ topic: TOPIC, partition, next: String(next), end: String(end), time });
}

describe('lag', () => {
  it('is none where everything is done, and carries the name of the contract', () => {
    fetched(0, 10, 12, now - 500);
    progress.done(TOPIC, 0, '12', 2, now - 400);
    expect(read()).toMatchObject({ topic: 'events.v1', partitions: 2, lagRecords: 0, lagSeconds: 0, done: 2 });
  });

  it('is that of the oldest record in hand, and of all records behind it', () => {
    fetched(0, 10, 110, now - 5_000);
    fetched(1, 0, 3, now - 1_000);
    expect(lag()).toEqual([103, 5]);
    progress.done(TOPIC, 0, '60', 50, now - 2_000);
    expect(lag()).toEqual([53, 2]);
  });

  it('grows by the clock while nothing moves, and in number by looking', () => {
    fetched(0, 10, 20, now - 1_000);
    now += 60_000;
    expect(lag()).toEqual([10, 61]);
    looked(ends(500, 0), NONE);
    expect(lag()).toEqual([490, 61]);
  });

  it('is seen although nothing is ever fetched: from when it is known on', () => {
    looked(ends(5, 0), NONE);
    now += 30_000;
    looked(ends(7, 0), NONE);
    expect(lag()).toEqual([7, 30]);
    // What comes then says how old it really is.
    fetched(0, 0, 7, now - 90_000);
    expect(lag()).toEqual([7, 90]);
  });

  it('is none of what was fetched although it is done, where the group has not heard of that', () => {
    fetched(0, 90, 100, now - 5_000);
    progress.sought(TOPIC, 0, '100');
    now += 600_000;
    looked(ends(100, 0), NONE);
    expect(lag()).toEqual([0, 0]);
    progress.assigned({ [TOPIC]: [0] });
    progress.sought(TOPIC, 0, '100');
    looked(ends(103, 0), new Map([[0, 90n]]));
    now += 15_000;
    expect(lag()).toEqual([3, 15]);
  });

  it('begins at what the group has committed, where nothing better is known', () => {
    expect(progress.isUnsure(TOPIC)).toBe(true);
    looked(ends(100, 100), new Map([[0, 100n]]));
    expect(lag()).toEqual([100, 0]);
    expect(progress.isUnsure(TOPIC)).toBe(false);
    fetched(1, 90, 100, now);
    looked(ends(100, 100), new Map([[1, 5n]]));
    expect(lag()).toEqual([10, 0]);
  });

  it('of a partition that is taken away is not ours; of one that comes again nothing is known', () => {
    fetched(0, 0, 50, now - 9_000);
    fetched(1, 0, 50, now - 9_000);
    progress.assigned({ [TOPIC]: [1] });
    expect(read()).toMatchObject({ partitions: 1, lagRecords: 0, lagSeconds: 0 });
    // The end of work that was begun before.
    progress.done(TOPIC, 0, '50', 50, now);
    expect(read()).toMatchObject({ partitions: 1, lagRecords: 0, done: 50 });
  });

  it('is over when an end that was passed without records is reached', () => {
    looked(ends(3, 0), NONE);
    fetched(0, 0, 3, null);
    progress.done(TOPIC, 0, '3', 0, now);
    expect(lag()).toEqual([0, 0]);
  });

  it('is not hidden by an end that was asked for before what is in hand was fetched', () => {
    fetched(0, 0, 100, now - 9_000);
    progress.done(TOPIC, 0, '100', 100, now);
    const tell = progress.look(TOPIC);
    fetched(0, 100, 150, now - 3_000);
    tell(ends(100, 0), NONE);
    now += 60_000;
    expect(lag()).toEqual([50, 63]);
  });

  it('does not begin at what the group had committed before a partition was dealt to us', () => {
    progress.assigned({ [TOPIC]: [1] });
    const tell = progress.look(TOPIC);
    progress.assigned({ [TOPIC]: [0, 1] });
    tell(ends(100, 0), new Map([[0, 40n]]));
    expect(lag()).toEqual([0, 0]);
    looked(ends(100, 0), new Map([[0, 100n]]));
    expect(lag()).toEqual([0, 0]);
    expect(progress.isUnsure(TOPIC)).toBe(false);
  });

  it('is never negative where the clock of a writer is ahead', () => {
    fetched(0, 0, 3, now + 60_000);
    expect(lag()).toEqual([3, 0]);
  });
});

it('failures are counted by kind; what fails for good is a dead letter and none', () => {
  for (const kind of ['transient', 'transient', 'moved', 'unexplained', 'permanent'] as const) {
    progress.failed(TOPIC, kind);
  }
  expect(read().failures).toEqual({ transient: 2, moved: 1, unexplained: 1 });
});
