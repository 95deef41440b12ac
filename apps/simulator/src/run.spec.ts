import { afterEach, describe, expect, it } from '@jest/globals';
import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { CALLBACKS } from './callbacks.js';
import type { SourceId } from './callbacks.js';
import type { Destination, Destinations } from './destinations.js';
import { destinationsAt } from './destinations.js';
import { planRun } from './plan/plan-run.js';
import type { RunPlan } from './plan/plan-run.js';
import type { Pusher } from './push.js';
import { createPusher } from './push.js';
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
  const made = createPusher();
  open.push(made);
  return made;
}

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

function run(url: string, { limit = 5_000, signal = new AbortController().signal } = {}) {
  const plan = planRun({ messages: 60, seed: 1, startedAt: 1_795_000_000_000 });
  const destinations = patient(destinationsAt(url, CREDENTIALS), limit);
  const settings = { destinations, pusher: pusher(), rate: 10_000, timeCompression: 100_000, signal };
  return { plan, started: startRun(plan, settings) };
}

/** How often everything is pushed by vendors to whom nobody listens. */
function mostAttempts(plan: RunPlan): number {
  return plan.pushes.reduce((sum, { source }) => sum + 1 + CALLBACKS[source].dialect.retryAfter.length, 0);
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
    const sent = plan.pushes.map(({ source, body }) => `${pathOf(source)} ${body}`);
    expect(seen.map(({ path, body }) => `${path} ${body}`).toSorted()).toEqual(sent.toSorted());
    const planned = plan.pushes.length;
    expect(started.progress).toMatchObject({ planned, pushed: planned, accepted: planned, retried: 0, givenUp: 0 });
    expect(started.progress.outcomes).toEqual({ '200': planned });
    expect(Object.values(started.progress.acceptedBySource).reduce((sum, one) => sum + one, 0)).toBe(planned);
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
    const once = plan.pushes.filter(({ source }) => CALLBACKS[source].dialect.retryAfter.length === 0);
    const lost = once.length;
    const kept = plan.pushes.length - lost;
    expect(new Set(once.map(({ source }) => CALLBACKS[source].provider))).toEqual(new Set(['huawei', 'volcengine']));
    expect(seen).toHaveLength(kept * 2 + lost);
    expect(started.progress).toMatchObject({ accepted: kept, retried: kept, givenUp: lost });
  });

  it('takes 200 without the words that its vendor wants for a refusal, but for those who want none', async () => {
    const { url } = await ingress((response) => response.end('fine'));
    const { plan, started } = run(url);
    await started.finished;
    const satisfied = plan.pushes.filter(({ source }) => /^(?:ali-chat|volcengine)-/.test(source)).length;
    expect(satisfied).toBeGreaterThan(0);
    expect(started.progress.accepted).toBe(satisfied);
    expect(started.progress.outcomes).toEqual({ '200': satisfied, 'wrong-answer': expect.any(Number) });
  });

  it('gives up when each vendor does', async () => {
    const { url, seen } = await ingress((response) => response.writeHead(500).end());
    const { plan, started } = run(url);
    await started.finished;
    expect(seen).toHaveLength(mostAttempts(plan));
    expect(started.progress).toMatchObject({ accepted: 0, givenUp: plan.pushes.length });
  });

  it('takes an answer that does not come for a failure', async () => {
    const { url } = await ingress((response, earlier, source) => {
      if (earlier > 0) accept(response, earlier, source);
    });
    const { plan, started } = run(url, { limit: 500 });
    await started.finished;
    expect(started.progress.outcomes.timeout).toBeGreaterThanOrEqual(plan.pushes.length);
    expect(started.progress.accepted + started.progress.givenUp).toBe(plan.pushes.length);
    expect(started.progress.accepted).toBeGreaterThan(0);
  });

  it('keeps the order of a thread, however long its pushes take', async () => {
    const { url, seen } = await ingress((response, earlier, source) => {
      if (source === 'ali-chat-audit' && earlier === 0) response.writeHead(503).end();
      else accept(response, earlier, source);
    });
    const { plan, started } = run(url);
    await started.finished;
    const planned = new Map<string, string[]>();
    for (const { source, thread, body } of plan.pushes) {
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
    expect(plan.pushes.length).toBeGreaterThan(0);
    expect(started.progress.pushed).toBe(0);
  });
});
