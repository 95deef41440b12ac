import { describe, expect, it } from '@jest/globals';
import { SettledTime, type PipelineOffsets } from './settled-time.js';

/** A pipeline of two topics of receipts and one of events, with one partition each, as numbers of records. */
class Pipeline implements PipelineOffsets {
  readonly inbound = ['receipts', 'submissions'];
  readonly events = 'events';
  readonly end: Record<string, number> = { receipts: 0, submissions: 0, events: 0 };
  readonly read: Record<string, number> = {};
  projectedTo: number | null = null;
  time = 1_000;
  low = 0;
  /** A topic that is no more. */
  removed: string | null = null;

  held = (topic: string) => Promise.resolve(this.removed === topic ? new Map() : within(this.low, this.end[topic]!));
  normalised = (topic: string) => Promise.resolve(offsets(this.read[topic]));
  projected = () => Promise.resolve(offsets(this.projectedTo ?? undefined));
  clear = Infinity;
  unspooled = () => Promise.resolve(this.clear);
  readonly settled = new SettledTime(this, () => this.time);
}

function offsets(offset: number | undefined) {
  return new Map(offset === undefined ? [] : [[0, BigInt(offset)] as const]);
}

function within(low: number, high: number) {
  return new Map([[0, { low: BigInt(low), high: BigInt(high) }]]);
}

describe('SettledTime', () => {
  it('is now where nothing waits', async () => {
    const pipeline = new Pipeline();
    expect(await pipeline.settled.look()).toBe(1_000);
    pipeline.time = 2_000;
    expect(await pipeline.settled.look()).toBe(2_000);
  });

  it.each(['receipts', 'submissions'])('is not known while %s wait, even if it is one', async (topic) => {
    const pipeline = new Pipeline();
    pipeline.end[topic] = 5;
    pipeline.read[topic] = 4;
    expect(await pipeline.settled.look()).toBeNull();
    pipeline.read[topic] = 5;
    expect(await pipeline.settled.look()).toBe(1_000);
  });

  it('is not known while nothing of a topic has ever been read', async () => {
    const pipeline = new Pipeline();
    pipeline.end.receipts = 1;
    expect(await pipeline.settled.look()).toBeNull();
  });

  it('follows receipts that have been normalised to the table', async () => {
    const pipeline = new Pipeline();
    pipeline.end.receipts = 5;
    expect(await pipeline.settled.look()).toBeNull();
    pipeline.read.receipts = 5;
    pipeline.end.events = 9;
    pipeline.projectedTo = 8;
    expect(await pipeline.settled.look()).toBeNull();
    pipeline.projectedTo = 9;
    expect(await pipeline.settled.look()).toBe(1_000);
  });

  it('does not wait for what comes later, and says no later time for it', async () => {
    const pipeline = new Pipeline();
    pipeline.end.receipts = 5;
    expect(await pipeline.settled.look()).toBeNull();
    pipeline.time = 2_000;
    pipeline.end.receipts = 50;
    pipeline.read.receipts = 5;
    pipeline.end.events = 5;
    expect(await pipeline.settled.look()).toBeNull();
    pipeline.end.events = 50;
    pipeline.projectedTo = 5;
    expect(await pipeline.settled.look()).toBe(1_000);
    // From now on the next instant is followed; until it has arrived the former one is what is known.
    expect(await pipeline.settled.look()).toBe(1_000);
    pipeline.read.receipts = 50;
    pipeline.projectedTo = 50;
    expect(await pipeline.settled.look()).toBe(2_000);
  });

  it('goes no further than the spools of the ingresses, and never back', async () => {
    const pipeline = new Pipeline();
    pipeline.clear = 700;
    expect(await pipeline.settled.look()).toBe(700);
    pipeline.clear = 600;
    expect(await pipeline.settled.look()).toBe(700);
    pipeline.clear = 1_500;
    expect(await pipeline.settled.look()).toBe(1_000);
  });

  it('asks for the time before it asks where topics end', async () => {
    const pipeline = new Pipeline();
    const { held } = pipeline;
    pipeline.held = (topic) => {
      pipeline.time += 500;
      return held(topic);
    };
    expect(await pipeline.settled.look()).toBe(1_000);
  });

  it.each([
    ['made anew', (pipeline: Pipeline) => (pipeline.end.receipts = 2)],
    ['made anew and still empty', (pipeline: Pipeline) => (pipeline.end.receipts = 0)],
    ['deleted', (pipeline: Pipeline) => (pipeline.removed = 'receipts')],
    ['emptied by retention', (pipeline: Pipeline) => (pipeline.low = 5)],
  ])('does not wait for receipts of a topic that has been %s', async (_what, happen) => {
    const pipeline = new Pipeline();
    pipeline.end.receipts = 5;
    pipeline.read.receipts = 3;
    expect(await pipeline.settled.look()).toBeNull();
    happen(pipeline);
    expect(await pipeline.settled.look()).toBe(1_000);
  });

  it('takes no position of a topic that is no more for one of the topic that there is now', async () => {
    const pipeline = new Pipeline();
    pipeline.read.receipts = 100;
    pipeline.end.receipts = 5;
    expect(await pipeline.settled.look()).toBeNull();
    pipeline.read.receipts = 5;
    pipeline.end.events = 5;
    pipeline.projectedTo = 100;
    expect(await pipeline.settled.look()).toBeNull();
  });

  it.each([
    ['made anew', (pipeline: Pipeline) => (pipeline.end.events = 2)],
    ['emptied by retention', (pipeline: Pipeline) => (pipeline.low = 5)],
  ])('is not known when events that were not projected are gone with a topic %s', async (_what, happen) => {
    const pipeline = new Pipeline();
    pipeline.end.events = 5;
    pipeline.projectedTo = 3;
    expect(await pipeline.settled.look()).toBeNull();
    happen(pipeline);
    expect(await pipeline.settled.look()).toBeNull();
  });
});
