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

/** A queue server that is never well, and pollers that ask it. */
async function polling(sources: (queueEndpoint: string) => readonly Source[]) {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(String(request.url).split('/')[2] ?? '');
    response.writeHead(503).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const queueEndpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const byId = (all: readonly Source[]) => new Map(all.map((source) => [source.id, source]));
  const registry = new Metrics().registry;
  const pollers = new QueuePollers({
    sources: byId(sources(queueEndpoint)),
    overrides: { mnsQueueEndpoint: null, mnsTokenEndpoint: null },
    topic: 't',
    publish: () => Promise.resolve(),
    hasRoom: () => true,
    onAccepted: () => undefined,
    metrics: new QueueMetrics(registry),
    logger: createLogger({ name: 'test', logLevel: 'silent', logFormat: 'json' }),
    tracing: null,
  });
  return {
    pollers,
    asked,
    queueEndpoint,
    byId,
    answered: () => registry.getSingleMetricAsString('quittance_queue_last_answer_timestamp_seconds'),
    untilAsked: async (...queues: string[]) => {
      asked.length = 0;
      const deadline = Date.now() + 20_000;
      while (!queues.every((queue) => asked.includes(queue)) && Date.now() < deadline) await delay(10);
      expect(asked).toEqual(expect.arrayContaining(queues));
    },
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

describe('QueuePollers', () => {
  it('poll every source that has a queue and is not told to pause', async () => {
    const { pollers, asked, untilAsked, close } = await polling((queueEndpoint) => [
      fetched('first', { queueEndpoint }),
      fetched('second', { queueEndpoint }),
      fetched('third', { queueEndpoint, paused: true }),
      sourceWith('pushed', {}),
    ]);
    expect(pollers.sources).toEqual(['first', 'second']);
    expect(pollers.paused).toEqual(['third']);

    pollers.onApplicationBootstrap();
    await untilAsked('first', 'second');
    await pollers.beforeApplicationShutdown();
    expect(new Set(asked)).toEqual(new Set(['first', 'second']));

    const before = asked.length;
    await delay(700);
    expect(asked).toHaveLength(before);
    await close();
  }, 30_000);

  it('are exchanged where their source is another one, and only there', async () => {
    const { pollers, asked, queueEndpoint, byId, answered, untilAsked, close } = await polling((endpoint) => [
      fetched('stays', { queueEndpoint: endpoint }),
      fetched('goes', { queueEndpoint: endpoint }),
      fetched('changes', { queueEndpoint: endpoint, queue: 'before' }),
      fetched('pauses', { queueEndpoint: endpoint }),
    ]);
    pollers.onApplicationBootstrap();
    await untilAsked('stays', 'goes', 'before', 'pauses');
    const since = /source="stays"} (.*)/.exec(await answered())?.[1];

    // A token of its other door is nothing to a poller.
    const stays = { ...fetched('stays', { queueEndpoint }), http: sourceWith('stays', { tokens: ['t'] }).http };
    const takeOver = pollers.prepare(
      byId([
        stays,
        fetched('changes', { queueEndpoint, queue: 'after' }),
        fetched('pauses', { queueEndpoint, paused: true }),
        fetched('comes', { queueEndpoint }),
      ]),
    );
    takeOver();
    expect([pollers.sources, pollers.paused]).toEqual([['stays', 'changes', 'comes'], ['pauses']]);
    await untilAsked('stays', 'after', 'comes');
    // Who left had less than a second for what he held.
    asked.length = 0;
    await delay(1_500);
    expect(asked.filter((queue) => ['goes', 'before', 'pauses'].includes(queue))).toEqual([]);
    expect(await answered()).not.toMatch(/goes|pauses/);
    expect(await answered()).toContain(`source="stays"} ${since}`);

    await pollers.beforeApplicationShutdown();
    pollers.prepare(byId([fetched('late', { queueEndpoint })]))();
    expect(pollers.sources).not.toContain('late');
    await close();
  }, 60_000);
});
