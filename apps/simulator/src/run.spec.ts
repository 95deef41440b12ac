import { afterEach, describe, expect, it } from '@jest/globals';
import { createServer } from 'node:http';
import type { Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { planRun } from './plan/plan-run.js';
import type { Pusher } from './push.js';
import { createPusher } from './push.js';
import { startRun } from './run.js';

const open: { close(): unknown }[] = [];

afterEach(() => {
  for (const one of open.splice(0)) one.close();
});

/** A callback address that answers as it is told; `seen` holds the bodies in the order of their coming. */
async function callback(answer: (response: ServerResponse, earlier: number) => void) {
  const seen: string[] = [];
  const server: Server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = Buffer.concat(chunks).toString('utf8');
      const earlier = seen.filter((other) => other === body).length;
      seen.push(body);
      answer(response, earlier);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  open.push({
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, seen };
}

function pusher(limit: number): Pusher {
  const made = createPusher(limit);
  open.push(made);
  return made;
}

function accept(response: ServerResponse): void {
  response.end('{"code":0,"msg":"ok"}');
}

function run(url: string, limit = 5_000, signal = new AbortController().signal) {
  const plan = planRun({ messages: 20, seed: 1, startedAt: 1_795_000_000_000 });
  const urls = { SmsReport: url, SmsUp: url, SignSmsReport: url, TemplateSmsReport: url };
  const settings = { urls, pusher: pusher(limit), rate: 10_000, timeCompression: 100_000, signal };
  return { plan, started: startRun(plan, settings) };
}

describe('startRun', () => {
  it('pushes every receipt once when all are accepted', async () => {
    const { url, seen } = await callback(accept);
    const { plan, started } = run(url);
    await started.finished;
    expect(seen.toSorted()).toEqual(plan.pushes.map(({ body }) => body).toSorted());
    const planned = plan.pushes.length;
    expect(started.progress).toEqual({
      ...{ planned, pushed: planned, accepted: planned, retried: 0, givenUp: 0 },
      outcomes: { '200': planned },
    });
  });

  it('pushes again what was refused, and what was answered 200 without a code', async () => {
    const { url, seen } = await callback((response, earlier) => {
      if (earlier === 0) response.writeHead(503).end();
      else if (earlier === 1) response.end('fine');
      else accept(response);
    });
    const { plan, started } = run(url);
    await started.finished;
    const planned = plan.pushes.length;
    expect(seen).toHaveLength(planned * 3);
    expect(started.progress).toMatchObject({ accepted: planned, retried: planned * 2, givenUp: 0 });
    expect(started.progress.outcomes).toEqual({ '503': planned, 'no-answer-code': planned, '200': planned });
  });

  it('gives up after three pushes more', async () => {
    const { url, seen } = await callback((response) => response.writeHead(500).end());
    const { plan, started } = run(url);
    await started.finished;
    expect(seen).toHaveLength(plan.pushes.length * 4);
    expect(started.progress).toMatchObject({ accepted: 0, givenUp: plan.pushes.length });
  });

  it('takes an answer that does not come for a failure', async () => {
    const { url } = await callback((response, earlier) => {
      if (earlier > 0) accept(response);
    });
    const { plan, started } = run(url, 500);
    await started.finished;
    expect(started.progress.outcomes.timeout).toBeGreaterThanOrEqual(plan.pushes.length);
    expect(started.progress.accepted).toBe(plan.pushes.length);
  });

  it('ends early when it is told to', async () => {
    const { url } = await callback((response) => response.writeHead(500).end());
    const { plan, started } = run(url, 5_000, AbortSignal.abort());
    await started.finished;
    expect(plan.pushes.length).toBeGreaterThan(0);
    expect(started.progress.pushed).toBe(0);
  });
});
