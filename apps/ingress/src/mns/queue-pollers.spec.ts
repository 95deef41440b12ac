import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { createLogger, Metrics, type QueueDoor, type Source } from '#runtime';
import { queueDoor, sourceWith } from '../source-for-tests.js';
import { QueueMetrics } from './queue-metrics.js';
import { QueuePollers } from './queue-pollers.js';

function fetched(id: string, mns: Partial<QueueDoor>): Source {
  return { ...sourceWith(id, {}), http: null, mns: queueDoor(id, mns) };
}

describe('QueuePollers', () => {
  it('poll every source that has a queue and is not told to pause', async () => {
    const asked: string[] = [];
    const server = createServer((request, response) => {
      asked.push(String(request.url));
      response.writeHead(503).end();
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const queueEndpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const sources = [
      fetched('first', { queueEndpoint }),
      fetched('second', { queueEndpoint }),
      fetched('third', { queueEndpoint, paused: true }),
      sourceWith('pushed', {}),
    ];
    const pollers = new QueuePollers({
      sources: new Map(sources.map((source) => [source.id, source])),
      overrides: { mnsQueueEndpoint: null, mnsTokenEndpoint: null },
      topic: 't',
      publish: () => Promise.resolve(),
      hasRoom: () => true,
      onAccepted: () => undefined,
      metrics: new QueueMetrics(new Metrics().registry),
      logger: createLogger({ name: 'test', logLevel: 'silent', logFormat: 'json' }),
    });
    expect(pollers.sources).toEqual(['first', 'second']);
    expect(pollers.paused).toEqual(['third']);

    pollers.onApplicationBootstrap();
    const deadline = Date.now() + 20_000;
    while (new Set(asked).size < 2 && Date.now() < deadline) await delay(10);
    await pollers.beforeApplicationShutdown();
    const polled = asked.map((url) => url.split('/')[2]);
    expect(new Set(polled)).toEqual(new Set(['first', 'second']));

    const before = asked.length;
    await delay(700);
    expect(asked).toHaveLength(before);
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }, 30_000);
});
