import { describe, expect, it } from '@jest/globals';
import { setTimeout as delay } from 'node:timers/promises';
import { Faults } from './faults.js';
import type { ReceivedMessage } from './message.js';
import { Queues } from './queues.js';

const patient = new AbortController().signal;

async function receive(queues: Queues, most = 16, wait = 0): Promise<ReceivedMessage[]> {
  return queues.receive(queues.declare('q'), most, wait, patient);
}

describe('queues', () => {
  it('come into being with the first message and tell when it was deleted', async () => {
    const queues = new Queues();
    expect(queues.find('q')).toBeNull();
    let deleted = 0;
    queues.send('q', 'a', { onDeleted: () => (deleted += 1) });
    const [message] = await receive(queues);
    expect(message).toMatchObject({ body: 'a' });
    expect(queues.delete(queues.declare('q'), message!.receiptHandle!)).toBeNull();
    expect(deleted).toBe(1);
    expect(queues.delete(queues.declare('q'), message!.receiptHandle!)).toBe('MessageNotExist');
    expect(queues.counts()).toEqual({ q: { active: 0, inactive: 0, delayed: 0, deleted: 1, expired: 0 } });
  });

  it('hand what is sent to who waits; several that come in one go go together', async () => {
    const queues = new Queues();
    const waiting = receive(queues, 16, 30_000);
    queues.send('q', 'a');
    queues.send('q', 'b');
    expect((await waiting).map(({ body }) => body)).toEqual(['a', 'b']);
  });

  it('hand a delayed message to who waits when its time has come', async () => {
    const queues = new Queues();
    queues.send('q', 'a', { delaySeconds: 1 });
    expect(await receive(queues, 16, 30_000)).toHaveLength(1);
  });

  it('take nothing for a client that has gone', async () => {
    const queues = new Queues();
    queues.send('q', 'a');
    expect(await queues.receive(queues.declare('q'), 16, 0, AbortSignal.abort())).toEqual([]);
    expect(queues.counts()).toMatchObject({ q: { active: 1, inactive: 0 } });
  });
});

describe('faults of queues', () => {
  it('duplicateShare: a message is there twice, and is deleted when both are', async () => {
    const faults = new Faults();
    faults.set({ duplicateShare: 1 });
    const queues = new Queues(faults);
    let deleted = 0;
    queues.send('q', 'a', { onDeleted: () => (deleted += 1) });
    const [one, other] = await receive(queues);
    expect([one?.body, other?.body]).toEqual(['a', 'a']);
    expect(one?.messageId).not.toBe(other?.messageId);
    queues.delete(queues.declare('q'), one!.receiptHandle!);
    expect(deleted).toBe(0);
    queues.delete(queues.declare('q'), other!.receiptHandle!);
    expect(deleted).toBe(1);
    expect(faults.counts).toEqual({ duplicateShare: 1 });
  });

  it('lostDeleteShare: the delete is well, and the message still there', async () => {
    const faults = new Faults();
    faults.set({ lostDeleteShare: 1 });
    const queues = new Queues(faults);
    queues.send('q', 'a');
    const [message] = await receive(queues);
    expect(queues.delete(queues.declare('q'), message!.receiptHandle!)).toBeNull();
    expect(queues.counts()).toMatchObject({ q: { inactive: 1, deleted: 0 } });
  });

  it('delayedDeleteMs: the delete is well, and done later', async () => {
    const faults = new Faults();
    faults.set({ delayedDeleteMs: 20 });
    const queues = new Queues(faults);
    let deleted = 0;
    queues.send('q', 'a', { onDeleted: () => (deleted += 1) });
    const [message] = await receive(queues);
    expect(queues.delete(queues.declare('q'), message!.receiptHandle!)).toBeNull();
    expect(queues.counts()).toMatchObject({ q: { deleted: 0 } });
    while (deleted === 0) await delay(5);
    expect(queues.counts()).toMatchObject({ q: { inactive: 0, deleted: 1 } });
  });

  it('disorderShare and shortReceiveShare: repeat themselves with the seed', async () => {
    const run = async (seed: number): Promise<string> => {
      const faults = new Faults();
      faults.set({ disorderShare: 0.5, shortReceiveShare: 0.5 }, seed);
      const queues = new Queues(faults);
      for (let i = 0; i < 50; i += 1) queues.send('q', String(i));
      const batches: string[] = [];
      for (let batch = await receive(queues); batch.length > 0; batch = await receive(queues)) {
        batches.push(batch.map(({ body }) => body).join(' '));
      }
      const all = batches.join(' ').split(' ');
      expect(all.map(Number).sort((a, b) => a - b)).toEqual(Array.from({ length: 50 }, (_, i) => i));
      expect(all).not.toEqual(all.toSorted((a, b) => Number(a) - Number(b)));
      return batches.join('\n');
    };
    const first = await run(7);
    expect(await run(7)).toBe(first);
    expect(await run(8)).not.toBe(first);
    expect(first.split('\n').length).toBeGreaterThan(4);
  });
});
