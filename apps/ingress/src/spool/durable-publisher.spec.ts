import { afterEach, describe, expect, it } from '@jest/globals';
import { PublishFailedError, RecordTooLargeError, type OutgoingRecord } from '#kafka';
import { Circuit } from './circuit.js';
import { DurablePublisher } from './durable-publisher.js';
import { SpoolRefusal } from './spool-terms.js';

const RECORD: OutgoingRecord = { topic: 't', key: null, value: Buffer.from('body'), headers: { 'receipt-id': 'one' } };

/** Kafka and a spool as the test says, and what was handed to them. */
class World {
  readonly calls: string[] = [];
  readonly spooled: OutgoingRecord[] = [];
  time = 0;
  connected = true;
  admits = true;
  /** What its disk will say, whatever it is thought to take. */
  refuses = false;
  answer: () => Promise<void> = () => Promise.resolve();
  readonly circuit = new Circuit(() => this.time);
  readonly publisher = new DurablePublisher({
    kafka: this,
    spool: this,
    circuit: this.circuit,
    onStored: () => this.calls.push('stored'),
  });

  publish(): Promise<void> {
    this.calls.push('kafka');
    return this.answer();
  }

  append(record: OutgoingRecord): Promise<void> {
    this.calls.push('spool');
    if (!this.admits || this.refuses) return Promise.reject(new SpoolRefusal('full'));
    this.spooled.push(record);
    return Promise.resolve();
  }

  /** Resolves when it is durable. */
  take(deadline = 400): Promise<void> {
    return this.publisher.publish(RECORD, { expiresAt: performance.now() + deadline });
  }
}

describe('DurablePublisher', () => {
  let world = new World();

  afterEach(() => {
    world.publisher.stop();
    world = new World();
  });

  const never = (): Promise<void> => new Promise(() => undefined);
  const fails = (): Promise<void> => Promise.reject(new PublishFailedError('no'));

  it('what Kafka confirms does not touch the disk', async () => {
    await world.take();
    expect(world.calls).toEqual(['kafka']);
  });

  it('what Kafka does not confirm in half the time goes to the spool, as the same record', async () => {
    world.answer = never;
    const began = performance.now();
    await world.take(400);
    expect(performance.now() - began).toBeLessThan(400);
    expect(world.calls).toEqual(['kafka', 'spool', 'stored']);
    expect(world.spooled).toEqual([RECORD]);
    expect(world.spooled[0]).toBe(RECORD);
  });

  it('what Kafka refuses goes to the spool, and the next one at once', async () => {
    world.answer = fails;
    await world.take();
    await world.take();
    expect(world.calls).toEqual(['kafka', 'spool', 'stored', 'spool', 'stored']);
  });

  it('one receipt a second finds out whether Kafka works again', async () => {
    world.answer = fails;
    await world.take();
    world.answer = () => Promise.resolve();
    world.time = 999;
    await world.take();
    expect(world.circuit.isOpen).toBe(true);
    world.time = 1_000;
    await world.take();
    expect(world.circuit.isOpen).toBe(false);
    await world.take();
    expect(world.calls.filter((call) => call === 'kafka')).toHaveLength(3);
  });

  it('without a connection nothing is tried', async () => {
    world.connected = false;
    await world.take();
    expect(world.calls).toEqual(['spool', 'stored']);
  });

  it('neither takes it: refused, never resolved', async () => {
    world.admits = false;
    world.answer = fails;
    await expect(world.take()).rejects.toThrow(SpoolRefusal);
  });

  it('with a spool that takes nothing Kafka has the whole deadline', async () => {
    world.admits = false;
    world.answer = () => new Promise((resolve) => setTimeout(resolve, 300));
    await world.take(10_000);
    world.answer = () => new Promise((resolve) => setTimeout(resolve, 150));
    await world.take(250);
    expect(world.calls).toEqual(['kafka', 'kafka']);
  });

  it('with a spool that takes nothing Kafka is asked by each, although it has failed, or is only just connected again', async () => {
    world.answer = fails;
    await world.take();
    expect(world.circuit.isOpen).toBe(true);
    world.admits = false;
    world.answer = () => Promise.resolve();
    world.connected = false;
    await world.take();
    await world.take();
    expect(world.calls.slice(3)).toEqual(['kafka', 'kafka']);
  });

  it('a spool that refuses against expectation leaves the rest of the time to Kafka', async () => {
    world.answer = fails;
    await world.take();
    world.refuses = true;
    world.answer = () => Promise.resolve();
    await world.take();
    expect(world.calls.slice(3)).toEqual(['spool', 'kafka']);
    world.answer = fails;
    await expect(world.take()).rejects.toThrow(SpoolRefusal);
  });

  it('one that had hardly any time left says nothing of Kafka to the others', async () => {
    world.answer = never;
    await world.take(140);
    expect(world.calls).toEqual(['kafka', 'spool', 'stored']);
    expect(world.circuit.isOpen).toBe(false);
  });

  it('what no broker would take is not spooled', async () => {
    world.answer = () => Promise.reject(new RecordTooLargeError({ topic: 't', valueBytes: 2 }, 2, 1));
    await expect(world.take()).rejects.toThrow(RecordTooLargeError);
    expect(world.calls).toEqual(['kafka']);
    expect(world.circuit.isOpen).toBe(false);
  });
});
