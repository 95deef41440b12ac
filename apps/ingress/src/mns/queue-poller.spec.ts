import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { EMPTY, messages, ScriptedQueue, type Answer, xml, XMLNS } from './scripted-queue-for-tests.js';

describe('QueuePoller', () => {
  let queue: ScriptedQueue;

  beforeEach(async () => {
    queue = await ScriptedQueue.open();
  });

  afterEach(() => queue.close());

  it('takes success without messages for an empty queue', async () => {
    queue.answers.push(xml(200, `<Messages ${XMLNS}/>`), messages('after'));
    queue.start();
    await queue.until(() => queue.deletes.length > 0);
    expect(queue.log.join('')).not.toContain('queue.poll-failed');
  });

  it.each<readonly [string, Answer]>([
    ['a page of a proxy', (_, response) => response.writeHead(200, { 'content-type': 'text/html' }).end('<html>')],
    ['a bad gateway', (_, response) => response.writeHead(502).end('bad gateway')],
    ['something else', xml(200, '<Surprise/>')],
    ['no XML', xml(200, 'a < b')],
    ['nothing at all', (_, response) => response.writeHead(200).end()],
    ['a redirection', (_, response) => response.writeHead(302, { location: 'http://127.0.0.1:9/' }).end()],
    [
      'a cut',
      (_, response) => response.writeHead(200, { 'content-length': '100' }).write('<', () => response.destroy()),
    ],
    ['a broken connection', (request) => request.socket.destroy()],
  ])(
    'goes on after %s',
    async (_what, answer) => {
      queue.answers.push(answer, messages('after'));
      queue.start();
      await queue.until(() => queue.deletes.length > 0);
      expect(queue.published).toEqual(['after']);
      expect(queue.log.join('')).toContain('queue.poll-failed');
    },
    30_000,
  );

  it('is not stopped by answers that never end, however many: their connections are given back', async () => {
    const dripping: Answer = (_, response) => {
      response.writeHead(200, { 'content-type': 'text/xml' }).write('<Messages>');
      const drip = setInterval(() => response.write(' '), 50);
      response.on('close', () => {
        clearInterval(drip);
      });
    };
    queue.answers.push(dripping, EMPTY, dripping, EMPTY, dripping, messages('after'));
    queue.start();
    await queue.until(() => queue.deletes.length > 0);
    expect(queue.published).toEqual(['after']);
  }, 30_000);

  it('asks less and less often while it only gets errors', async () => {
    queue.answers = Array.from(
      { length: 100 },
      () => (_: IncomingMessage, response: ServerResponse) => response.writeHead(500).end(),
    );
    queue.start();
    await delay(2_000);
    // At once, then after about 0.4, 0.8 and 1.5 s.
    expect(queue.polls).toBeGreaterThan(1);
    expect(queue.polls).toBeLessThan(8);
  });

  it('pauses after a batch of which Kafka took nothing', async () => {
    queue.publish = () => Promise.reject(new Error('no'));
    queue.answers = Array.from({ length: 100 }, () => messages('one'));
    queue.start({ concurrency: 4 });
    await delay(2_000);
    expect(queue.polls).toBeLessThan(8);
    expect(queue.deletes).toEqual([]);
  });

  it('receives nothing while Kafka has no room', async () => {
    let hasRoom = false;
    queue.answers.push(messages('one'));
    queue.start({ hasRoom: () => hasRoom });
    await delay(300);
    expect(queue.polls).toBe(0);
    hasRoom = true;
    await queue.until(() => queue.deletes.length > 0);
  });

  it('receives several batches at a time while full ones come, and one when they do not', async () => {
    const sixteen = (name: string): Answer => messages(...Array.from({ length: 16 }, (_, index) => `${name}-${index}`));
    let [underWay, most] = [0, 0];
    queue.publish = async () => {
      underWay += 1;
      most = Math.max(most, underWay);
      await delay(50);
      underWay -= 1;
    };
    queue.answers.push(...Array.from({ length: 8 }, (_, index) => sixteen(`batch-${index}`)));
    queue.start({ concurrency: 3 });
    await queue.until(() => queue.published.length === 128);
    // Three batches, never four.
    expect(most).toBe(48);
  });

  it.each<readonly [string, () => void]>([
    [
      'while a token is being asked for',
      () => {
        queue.start({ credentials: { get: () => new Promise(() => undefined), refuse: () => undefined } });
      },
    ],
    [
      'while a long poll waits',
      () => {
        queue.answers.push(() => undefined);
        queue.start({ wait: 30 });
      },
    ],
    [
      'while a queue does not delete',
      () => {
        queue.deleteAnswers.push(
          ...Array.from(
            { length: 9 },
            (): Answer => (_, response) => setTimeout(() => response.writeHead(500).end(), 350),
          ),
        );
        queue.answers.push(messages('one'));
        queue.start();
      },
    ],
    [
      'while Kafka has not confirmed',
      () => {
        queue.publish = () => new Promise(() => undefined);
        queue.answers.push(messages('one'));
        queue.start();
      },
    ],
  ])('stops at once %s', async (_what, begin) => {
    begin();
    await delay(200);
    const began = performance.now();
    await queue.poller.stop();
    // It takes less than a second; the bound allows for a busy machine.
    expect(performance.now() - began).toBeLessThan(2_000);
  });
});
