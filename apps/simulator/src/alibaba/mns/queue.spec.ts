import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Queue } from './queue.js';
import { createQueue } from './queue.js';

const START = 1_783_566_093_512;

/** A queue and a clock that only moves when it is told to. */
function queueWithClock(): { readonly queue: Queue; readonly tick: (ms: number) => void; readonly now: () => number } {
  let time = START;
  const now = (): number => time;
  const tick = (ms: number): void => {
    time += ms;
  };
  return { queue: createQueue('q', now), tick, now };
}

function removeBy(queue: Queue, handle: string): void {
  const message = queue.find(handle);
  if (typeof message === 'string') throw new Error(message);
  queue.remove(message);
}

describe('a queue', () => {
  it('gives ids, handles, times and digests in the shapes that are published', () => {
    const { queue } = queueWithClock();
    const messageId = queue.send('e30=');
    expect(messageId).toMatch(/^[0-9A-F]{16}-2-19F44D2CCC8-200000001$/);
    const [received] = queue.receive(1);
    expect(received).toEqual({
      messageId,
      body: 'e30=',
      bodyMd5: 'B32204472171546C70A5E5866F1DB73A',
      enqueueTime: START,
      firstDequeueTime: 1_783_566_094_000,
      dequeueCount: 1,
      priority: 8,
      receiptHandle: expect.stringMatching(/^1-/),
      nextVisibleTime: 1_783_566_124_000,
    });
    const content = Buffer.from(received!.receiptHandle!.slice(2), 'base64').toString();
    expect(content).toBe('8589934593-1783566124-2-8');
  });

  it('shows a message again after its time, with a new handle, and the old one is dead', () => {
    const { queue, tick } = queueWithClock();
    queue.send('a');
    const [first] = queue.receive(1);
    tick(first!.nextVisibleTime! - START - 1);
    expect(queue.receive(1)).toEqual([]);
    tick(1);
    expect(queue.find(first!.receiptHandle!)).toBe('MessageNotExist');
    const [second] = queue.receive(1);
    expect(second).toMatchObject({ dequeueCount: 2, firstDequeueTime: first!.firstDequeueTime });
    expect(second!.receiptHandle).not.toBe(first!.receiptHandle);
    expect(queue.changeVisibility(first!.receiptHandle!, 5)).toBe('MessageNotExist');
    removeBy(queue, second!.receiptHandle!);
    expect(queue.find(second!.receiptHandle!)).toBe('MessageNotExist');
    tick(100_000);
    expect(queue.receive(1)).toEqual([]);
  });

  it('changes how long a message is hidden, from now on', () => {
    const { queue, tick } = queueWithClock();
    queue.send('a');
    const [received] = queue.receive(1);
    tick(10_000);
    const changed = queue.changeVisibility(received!.receiptHandle!, 60);
    if (typeof changed === 'string') throw new Error(changed);
    expect(changed.nextVisibleTime).toBe(Math.ceil((START + 70_000) / 1000) * 1000);
    expect(queue.find(received!.receiptHandle!)).toBe('MessageNotExist');
    tick(50_000);
    expect(queue.receive(1)).toEqual([]);
    removeBy(queue, changed.receiptHandle);
    expect(queue.counts()).toEqual({ active: 0, inactive: 0, delayed: 0, deleted: 1, expired: 0 });
  });

  it('gives another handle even when the time stays the same', () => {
    const { queue } = queueWithClock();
    queue.send('a');
    const [received] = queue.receive(1);
    const changed = queue.changeVisibility(received!.receiptHandle!, 30);
    expect(changed).toMatchObject({ nextVisibleTime: received!.nextVisibleTime });
    expect(changed).not.toMatchObject({ receiptHandle: received!.receiptHandle });
  });

  it('tells what never was a handle from what is none any more', () => {
    const { queue } = queueWithClock();
    for (const never of ['', '1-AAAA', 'x', '2-ODU4OTkzNDU5NC0xNzgzNTY2MTI0LTItOA==']) {
      expect(queue.find(never)).toBe('ReceiptHandleError');
    }
    expect(queue.find('1-ODU4OTkzNDU5NC0xNzgzNTY2MTI0LTItOA==')).toBe('MessageNotExist');
  });

  it('gives the first priority first, and within one who came first', () => {
    const { queue } = queueWithClock();
    for (const [body, priority] of [
      ['c', 8],
      ['d', 8],
      ['e', 16],
      ['a', 1],
      ['b', 1],
    ] as const)
      queue.send(body, { priority });
    expect(queue.peek(16).map(({ body }) => body)).toEqual(['a', 'b', 'c', 'd', 'e']);
    expect(queue.receive(2).map(({ body }) => body)).toEqual(['a', 'b']);
    expect(queue.receive(16).map(({ body }) => body)).toEqual(['c', 'd', 'e']);
  });

  it('lets messages leave in the order that is picked', () => {
    const { queue } = queueWithClock();
    for (const body of ['a', 'b', 'c']) queue.send(body);
    expect(queue.receive(3, (active) => active - 1).map(({ body }) => body)).toEqual(['c', 'a', 'b']);
  });

  it('holds delayed messages back, by the queue or by the message', () => {
    const { queue, tick, now } = queueWithClock();
    queue.attributes.delaySeconds = 5;
    queue.send('by queue');
    queue.send('by message', { delaySeconds: 2 });
    expect(queue.counts()).toMatchObject({ active: 0, delayed: 2 });
    expect(queue.nextChange()).toBe(now() + 2_000);
    tick(2_000);
    expect(queue.peek(16).map(({ body }) => body)).toEqual(['by message']);
    tick(3_000);
    expect(queue.receive(16)).toHaveLength(2);
  });

  it('forgets messages that are too old, wherever they are, and calls them expired', () => {
    const { queue, tick } = queueWithClock();
    queue.attributes.messageRetentionPeriod = 60;
    let deleted = 0;
    const onDeleted = (): void => void (deleted += 1);
    queue.send('hidden', { onDeleted });
    queue.send('active', { onDeleted });
    queue.send('delayed', { delaySeconds: 600, onDeleted });
    const [hidden] = queue.receive(1);
    queue.changeVisibility(hidden!.receiptHandle!, 600);
    tick(59_999);
    queue.send('young', { onDeleted });
    tick(1);
    expect(queue.counts()).toEqual({ active: 1, inactive: 0, delayed: 0, deleted: 0, expired: 3 });
    expect(queue.receive(16).map(({ body }) => body)).toEqual(['young']);
    expect(deleted).toBe(0);
  });

  it('tells once when a message was deleted', () => {
    const { queue } = queueWithClock();
    let deleted = 0;
    queue.send('a', { onDeleted: () => (deleted += 1) });
    const [received] = queue.receive(1);
    const message = queue.find(received!.receiptHandle!);
    if (typeof message === 'string') throw new Error(message);
    queue.remove(message);
    queue.remove(message);
    expect(deleted).toBe(1);
    expect(queue.counts().deleted).toBe(1);
  });
});

/** What a message of the model is in. */
interface Modelled {
  readonly priority: number;
  readonly enqueueTime: number;
  visibleAt: number;
  handle: string | null;
  dequeueCount: number;
  firstDequeueTime: number;
}

const steps = fc.array(
  fc.oneof(
    fc.record({
      do: fc.constant('send' as const),
      delay: fc.integer({ min: 0, max: 20 }),
      priority: fc.integer({ min: 1, max: 16 }),
    }),
    fc.record({ do: fc.constant('receive' as const), most: fc.integer({ min: 1, max: 16 }) }),
    fc.record({ do: fc.constant('delete' as const), which: fc.nat() }),
    fc.record({ do: fc.constant('hide' as const), which: fc.nat(), seconds: fc.integer({ min: 1, max: 90 }) }),
    fc.record({ do: fc.constant('tick' as const), ms: fc.integer({ min: 1, max: 40_000 }) }),
  ),
  { maxLength: 80 },
);

describe('a queue beside a model that looks at every message', () => {
  it('agrees with it after every step', () => {
    fc.assert(
      fc.property(steps, (all) => {
        const { queue, tick, now } = queueWithClock();
        queue.attributes.messageRetentionPeriod = 120;
        const model = new Map<string, Modelled>();
        const handles: string[] = [];
        let [deleted, expired, nextBody] = [0, 0, 0];
        const ofHandle = (handle: string | undefined): [string, Modelled] | undefined =>
          [...model].find(([, message]) => message.handle === handle && message.visibleAt > now());

        for (const step of all) {
          if (step.do === 'tick') tick(step.ms);
          for (const [body, message] of model) {
            if (message.enqueueTime + 120_000 <= now()) {
              model.delete(body);
              expired += 1;
            }
          }
          const active = [...model].filter(([, message]) => message.visibleAt <= now());
          switch (step.do) {
            case 'send': {
              const body = String((nextBody += 1));
              queue.send(body, { delaySeconds: step.delay, priority: step.priority });
              const times = { enqueueTime: now(), visibleAt: now() + step.delay * 1000, firstDequeueTime: 0 };
              model.set(body, { priority: step.priority, ...times, handle: null, dequeueCount: 0 });
              break;
            }
            case 'receive': {
              const received = queue.receive(step.most);
              const priorities = active.map(([, { priority }]) => priority).sort((a, b) => a - b);
              expect(received.map(({ priority }) => priority)).toEqual(priorities.slice(0, step.most));
              for (const { body, receiptHandle, nextVisibleTime, dequeueCount, firstDequeueTime } of received) {
                const message = model.get(body)!;
                expect(message.visibleAt).toBeLessThanOrEqual(now());
                expect(dequeueCount).toBe(message.dequeueCount + 1);
                if (message.firstDequeueTime !== 0) expect(firstDequeueTime).toBe(message.firstDequeueTime);
                expect(nextVisibleTime).toBe(Math.ceil((now() + 30_000) / 1000) * 1000);
                expect(handles).not.toContain(receiptHandle);
                handles.push(receiptHandle!);
                const seen = { handle: receiptHandle, visibleAt: nextVisibleTime!, dequeueCount, firstDequeueTime };
                Object.assign(message, seen);
              }
              break;
            }
            case 'delete': {
              const handle = handles[step.which % (handles.length + 1)];
              const expected = ofHandle(handle);
              const found = queue.find(handle ?? 'none');
              expect(typeof found === 'string').toBe(expected === undefined);
              if (typeof found === 'string' || expected === undefined) break;
              expect(found.body).toBe(expected[0]);
              queue.remove(found);
              model.delete(expected[0]);
              deleted += 1;
              break;
            }
            case 'hide': {
              const handle = handles[step.which % (handles.length + 1)];
              const expected = ofHandle(handle);
              const changed = queue.changeVisibility(handle ?? 'none', step.seconds);
              expect(typeof changed === 'string').toBe(expected === undefined);
              if (typeof changed === 'string' || expected === undefined) break;
              expect(handles).not.toContain(changed.receiptHandle);
              handles.push(changed.receiptHandle);
              Object.assign(expected[1], { handle: changed.receiptHandle, visibleAt: changed.nextVisibleTime });
              break;
            }
            case 'tick':
              break;
          }
          const hidden = [...model.values()].filter((message) => message.visibleAt > now());
          expect(queue.counts()).toEqual({
            active: model.size - hidden.length,
            inactive: hidden.filter(({ dequeueCount }) => dequeueCount > 0).length,
            delayed: hidden.filter(({ dequeueCount }) => dequeueCount === 0).length,
            deleted,
            expired,
          });
          const changes = hidden.map(({ visibleAt }) => visibleAt);
          expect(queue.nextChange()).toBe(changes.length === 0 ? null : Math.min(...changes));
        }
      }),
      { numRuns: 300 },
    );
  });
});

describe('a long queue', () => {
  it('gives every message exactly once to consumers that delete', () => {
    const { queue, tick } = queueWithClock();
    const many = 20_000;
    for (let i = 0; i < many; i += 1) queue.send(String(i));
    const seen = new Set<string>();
    const left = new Set<string>();
    while (seen.size < many) {
      for (const { body, receiptHandle } of queue.receive(16)) {
        // Every third is left, and comes again.
        if (Number(body) % 3 === 0 && !left.has(body)) {
          left.add(body);
          continue;
        }
        expect(seen.has(body)).toBe(false);
        seen.add(body);
        removeBy(queue, receiptHandle!);
      }
      if (queue.counts().active === 0) {
        if (queue.counts().inactive === 0) break;
        tick(31_000);
      }
    }
    expect(queue.counts()).toEqual({ active: 0, inactive: 0, delayed: 0, deleted: many, expired: 0 });
  });
});
