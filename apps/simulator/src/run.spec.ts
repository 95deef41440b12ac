import { afterEach, describe, expect, it } from '@jest/globals';
import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { CALLBACKS, queueOf } from './callbacks.js';
import type { SourceId } from './callbacks.js';
import type { Destination, Destinations } from './destinations.js';
import { destinationsAt } from './destinations.js';
import { planRun } from './plan/plan-run.js';
import type { RunPlan } from './plan/plan-run.js';
import type { Pusher } from './push.js';
import { createPusher } from './push.js';
import type { QueueSender } from './run.js';
import { startRun } from './run.js';

const open: { close(): unknown }[] = [];

afterEach(() => {
  for (const one of open.splice(0)) one.close();
});

interface Seen {
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

/** An ingress that answers as it is told; `seen` holds the pushes in the order of their coming. */
async function ingress(answer: (response: ServerResponse, earlier: number, source: SourceId) => void) {
  const seen: Seen[] = [];
  const server: Server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const path = request.url ?? '';
      const body = Buffer.concat(chunks).toString('utf8');
      const earlier = seen.filter((other) => other.path === path && other.body === body).length;
      seen.push({ path, headers: request.headers, body });
      answer(response, earlier, path.split('/')[2] as SourceId);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  open.push({
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, seen };
}

function pusher(): Pusher {
  const made = createPusher(1);
  open.push(made);
  return made;
}

const ONLY_PUSHED = { push: 1, queue: 0, both: 0 };

const ANSWERS = {
  alibaba: '{"code":0,"msg":"ok"}',
  huawei: '{"returnCode":0,"returnCodeDesc":"Success"}',
  tencent: '{"result":0,"errmsg":"OK"}',
  volcengine: '{}',
};

function accept(response: ServerResponse, _earlier: number, source: SourceId): void {
  response.end(ANSWERS[CALLBACKS[source].provider]);
}

const CREDENTIALS = {
  alibabaToken: 'secret-path-1',
  tencentToken: 'secret-path-2',
  volcengineToken: 'secret-path-3',
  huaweiKey: { accessKey: 'ak', secretKey: 'sk' },
};

/** All limits set to `limit`, ms: a loaded machine may be slow. */
function patient(destinations: Destinations, limit: number): Destinations {
  const entries = Object.entries(destinations).map(([id, destination]: [string, Destination]) => [
    id,
    { ...destination, dialect: { ...destination.dialect, limit } },
  ]);
  return Object.fromEntries(entries) as Destinations;
}

/** Queues that nobody fetches from but the test. */
function queues() {
  const sent: { readonly queue: string; readonly body: string; readonly at: number; readonly remove: () => void }[] =
    [];
  const send: QueueSender['send'] = (queue, body, { onDeleted }) => {
    sent.push({ queue, body, at: Date.now(), remove: onDeleted });
  };
  return { sent, send };
}

function run(url: string, { limit = 5_000, signal = new AbortController().signal, doors = ONLY_PUSHED } = {}) {
  const plan = planRun({ messages: 60, seed: 1, startedAt: 1_795_000_000_000, shape: { doors } });
  const destinations = patient(destinationsAt(url, CREDENTIALS), limit);
  const queued = queues();
  const pace = { rate: 10_000, burst: null };
  const settings = { destinations, pusher: pusher(), queues: queued, pace, timeCompression: 100_000, signal };
  return { plan, queued: queued.sent, started: startRun(plan, settings) };
}

/** How often everything is pushed by vendors to whom nobody listens. */
function mostAttempts(plan: RunPlan): number {
  return plan.receipts.reduce((sum, { source }) => sum + 1 + CALLBACKS[source].dialect.retryAfter.length, 0);
}

describe('startRun', () => {
  it('pushes every receipt once, to its own address, when all are accepted', async () => {
    const { url, seen } = await ingress(accept);
    const { plan, started } = run(url);
    await started.finished;
    const pathOf = (source: SourceId): string =>
      ({
        alibaba: `/receipts/${source}/secret-path-1`,
        tencent: `/receipts/${source}/secret-path-2`,
        volcengine: `/receipts/${source}/secret-path-3`,
        huawei: `/receipts/${source}`,
      })[CALLBACKS[source].provider];
    const sent = plan.receipts.map(({ source, body }) => `${pathOf(source)} ${body}`);
    expect(seen.map(({ path, body }) => `${path} ${body}`).toSorted()).toEqual(sent.toSorted());
    const planned = plan.receipts.length;
    expect(started.progress.push).toMatchObject({
      planned,
      pushed: planned,
      accepted: planned,
      retried: 0,
      givenUp: 0,
    });
    expect(started.progress.push.outcomes).toEqual({ '200': planned });
    expect(Object.values(started.progress.push.acceptedBySource).reduce((sum, one) => sum + one, 0)).toBe(planned);
  });

  it('signs what Huawei pushes, and closes the connection', async () => {
    const { url, seen } = await ingress(accept);
    const { started } = run(url);
    await started.finished;
    const signed = seen.filter(({ headers }) => headers.authorization !== undefined);
    expect(new Set(signed.map(({ path }) => path))).toEqual(
      new Set(['/receipts/huawei-status', '/receipts/huawei-status-single', '/receipts/huawei-uplink']),
    );
    for (const { headers } of signed) {
      expect(headers.connection).toBe('close');
      expect(headers['x-sdk-date']).toMatch(/^\d{8}T\d{6}Z$/);
      expect(headers.authorization).toMatch(
        /^SDK-HMAC-SHA256 Access=ak,SignedHeaders=connection;content-length;content-type;host;x-sdk-date,Signature=[\da-f]{64}$/,
      );
    }
    const types = new Map(signed.map(({ path, headers }) => [path, headers['content-type']]));
    expect(types.get('/receipts/huawei-status')).toBe('application/JSON;charset=UTF-8');
    expect(types.get('/receipts/huawei-uplink')).toBe('application/x-www-form-urlencoded');
  });

  it('pushes again what was refused, but for what its vendor never pushes again', async () => {
    const { url, seen } = await ingress((response, earlier, source) => {
      if (earlier === 0) response.writeHead(503).end();
      else accept(response, earlier, source);
    });
    const { plan, started } = run(url);
    await started.finished;
    const once = plan.receipts.filter(({ source }) => CALLBACKS[source].dialect.retryAfter.length === 0);
    const lost = once.length;
    const kept = plan.receipts.length - lost;
    expect(new Set(once.map(({ source }) => CALLBACKS[source].provider))).toEqual(new Set(['huawei', 'volcengine']));
    expect(seen).toHaveLength(kept * 2 + lost);
    expect(started.progress.push).toMatchObject({ accepted: kept, retried: kept, givenUp: lost });
  });

  it('takes 200 without the words that its vendor wants for a refusal, but for those who want none', async () => {
    const { url } = await ingress((response) => response.end('fine'));
    const { plan, started } = run(url);
    await started.finished;
    const satisfied = plan.receipts.filter(({ source }) => /^(?:ali-chat|volcengine)-/.test(source)).length;
    expect(satisfied).toBeGreaterThan(0);
    expect(started.progress.push.accepted).toBe(satisfied);
    expect(started.progress.push.outcomes).toEqual({ '200': satisfied, 'wrong-answer': expect.any(Number) });
  });

  it('gives up when each vendor does', async () => {
    const { url, seen } = await ingress((response) => response.writeHead(500).end());
    const { plan, started } = run(url);
    await started.finished;
    expect(seen).toHaveLength(mostAttempts(plan));
    expect(started.progress.push).toMatchObject({ accepted: 0, givenUp: plan.receipts.length });
  });

  it('takes an answer that does not come for a failure', async () => {
    const { url } = await ingress((response, earlier, source) => {
      if (earlier > 0) accept(response, earlier, source);
    });
    const { plan, started } = run(url, { limit: 500 });
    await started.finished;
    expect(started.progress.push.outcomes.timeout).toBeGreaterThanOrEqual(plan.receipts.length);
    expect(started.progress.push.accepted + started.progress.push.givenUp).toBe(plan.receipts.length);
    expect(started.progress.push.accepted).toBeGreaterThan(0);
  });

  it('keeps the order of a thread, however long its pushes take', async () => {
    const { url, seen } = await ingress((response, earlier, source) => {
      if (source === 'ali-chat-audit' && earlier === 0) response.writeHead(503).end();
      else accept(response, earlier, source);
    });
    const { plan, started } = run(url);
    await started.finished;
    const planned = new Map<string, string[]>();
    for (const { source, thread, body } of plan.receipts) {
      if (source === 'ali-chat-audit') planned.set(thread ?? '', [...(planned.get(thread ?? '') ?? []), body, body]);
    }
    expect(planned.size).toBeGreaterThan(1);
    for (const bodies of planned.values()) {
      const came = seen.map(({ body }) => body).filter((body) => bodies.includes(body));
      expect(came).toEqual(bodies);
    }
  });

  it('ends early when it is told to', async () => {
    const { url } = await ingress((response) => response.writeHead(500).end());
    const { plan, started } = run(url, { signal: AbortSignal.abort() });
    await started.finished;
    expect(plan.receipts.length).toBeGreaterThan(0);
    expect(started.progress.push.pushed).toBe(0);
  });

  it('puts into queues what goes there, in Base64 or plain, and is over when all of it is deleted', async () => {
    const { url } = await ingress(accept);
    const { plan, queued, started } = run(url, { doors: { push: 1, queue: 1, both: 1 } });
    const planned = plan.receipts.filter(({ door }) => door === 'queue');
    let isOver = false;
    void started.finished.then(() => (isOver = true));
    while (queued.length < planned.length || started.progress.push.accepted < started.progress.push.planned) {
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    const expected = planned.map(({ source, body, isPlain }) =>
      [queueOf(source), isPlain ? body : Buffer.from(body).toString('base64')].join(' '),
    );
    expect(queued.map(({ queue, body }) => `${queue} ${body}`).toSorted()).toEqual(expected.toSorted());
    for (const { remove } of queued.slice(1)) remove();
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(isOver).toBe(false);
    expect(started.progress.queue).toMatchObject({ queued: planned.length, consumed: planned.length - 1 });
    queued[0]!.remove();
    await started.finished;
    expect(Object.values(started.progress.queue.consumedBySource).reduce((a, b) => a + b, 0)).toBe(planned.length);
  });

  it('puts what is told in order into a queue at times that differ', async () => {
    const { url } = await ingress(accept);
    const { plan, queued, started } = run(url, { doors: { push: 0, queue: 1, both: 0 } });
    const threads = Map.groupBy(
      plan.receipts.filter(({ door, thread }) => door === 'queue' && thread !== undefined),
      ({ thread }) => thread,
    );
    const total = plan.receipts.filter(({ door }) => door === 'queue').length;
    while (queued.length < total) await new Promise((resolve) => setTimeout(resolve, 5));
    for (const { remove } of queued) remove();
    await started.finished;
    const told = [...threads.values()].filter(({ length }) => length > 1);
    expect(told.length).toBeGreaterThan(0);
    for (const receipts of told) {
      const times = receipts.map(({ body, isPlain }) => {
        const stored = isPlain ? body : Buffer.from(body).toString('base64');
        return queued.find((message) => message.body === stored)!.at;
      });
      for (const [index, time] of times.slice(1).entries()) expect(time - times[index]!).toBeGreaterThanOrEqual(2);
    }
  });

  it('pushes elsewhere what it is told to push elsewhere', async () => {
    const { url, seen } = await ingress((response) => response.end('{"result":0}'));
    const destinations = destinationsAt('http://127.0.0.1:1', CREDENTIALS, { 'tencent-reply': `${url}/mine?a=1` });
    expect(destinations['tencent-status'].url).toBe('http://127.0.0.1:1/receipts/tencent-status/secret-path-2');
    await pusher().push(destinations['tencent-reply'], '{}');
    expect(seen.map(({ path }) => path)).toEqual(['/mine?a=1']);
  });
});
