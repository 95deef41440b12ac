import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { execFile } from 'node:child_process';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { Simulator } from './simulator-process.js';
import { startSimulator } from './simulator-process.js';

const COMMAND = join(import.meta.dirname, '..', '..', 'dist', 'dev', 'simulator.js');
const QUEUE = 'Alicom-Queue-1000000000000001-SmsUp';

let simulator: Simulator;

/** What a user's service answers, and what it was sent. */
const service = { status: 200, bodies: [] as string[] };
const server = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.once('end', () => {
    service.bodies.push(Buffer.concat(chunks).toString());
    response.writeHead(service.status).end('{"code":0,"msg":"ok"}');
  });
});

beforeAll(async () => {
  simulator = await startSimulator({ TIME_COMPRESSION: '100000' });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});

afterAll(async () => {
  server.closeAllConnections();
  server.close();
  await simulator.stop();
});

function run(...args: string[]): Promise<{ readonly code: number; readonly output: string; readonly errors: string }> {
  return new Promise((resolve) => {
    const child = execFile(process.execPath, [COMMAND, ...args], (_error, output, errors) => {
      resolve({ code: child.exitCode ?? -1, output, errors });
    });
  });
}

const at = (...args: string[]): ReturnType<typeof run> => run(...args, '--at', simulator.url);
const target = (): string => `http://127.0.0.1:${(server.address() as AddressInfo).port}/callback`;
const aRun = (): ReturnType<typeof run> =>
  at(
    'run',
    '--messages',
    '200',
    '--rate',
    '5000',
    '--only',
    'ali-sms-up',
    '--doors',
    'push=1',
    '--target',
    `ali-sms-up=${target()}`,
  );

describe('npm run simulator', () => {
  it('runs against any address, and tells the truth about it', async () => {
    const { code, output } = await aRun();
    expect(output).toMatch(/finished: pushes (\d+) of \1 accepted; queues 0 of 0 consumed/);
    expect(code).toBe(0);
    const { output: truth } = await at('truth');
    const replies = truth
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as { readonly kind: string; readonly originId?: string })
      .filter(({ kind }) => kind === 'reply');
    expect(replies.length).toBeGreaterThan(0);
    for (const { originId } of replies) expect(service.bodies.join('\n')).toContain(originId);
    expect((await at('status')).output).toContain('"state": "finished"');
  });

  it('ends with 1 when something was given up', async () => {
    service.status = 500;
    const { code, output } = await aRun();
    service.status = 200;
    expect(output).toMatch(/given up: \d+ pushes/);
    expect(code).toBe(1);
  });

  it('sends one thing to a queue or to a callback', async () => {
    expect(await at('send', '--queue', QUEUE, '--base64', '{"a":1}')).toMatchObject({ code: 0 });
    expect((await at('queues')).output).toMatch(new RegExp(`${QUEUE} +1 +0 +0 +0 +0`));
    const sent = await at('send', '--source', 'ali-sms-up', '[{"a":2}]', '--target', target());
    expect(JSON.parse(sent.output)).toEqual({ outcome: 200, accepted: true });
    expect(service.bodies.at(-1)).toBe('[{"a":2}]');
  });

  it('sets, shows and clears faults', async () => {
    await at('faults', 'set', 'slowMs=5', 'errorShare=0.1', 'expiredAs=InvalidAccessKeyId');
    const set = { slowMs: 5, errorShare: 0.1, expiredAs: 'InvalidAccessKeyId' };
    expect(JSON.parse((await at('faults')).output)).toMatchObject({ faults: set });
    expect(JSON.parse((await at('faults', 'clear')).output)).toMatchObject({ faults: { slowMs: 0, errorShare: 0 } });
    expect(await at('faults', 'set', 'other=1')).toMatchObject({ code: 1, errors: expect.stringContaining('other') });
  });

  it('says how it is used, and where nothing answers', async () => {
    expect(await run()).toMatchObject({ code: 2, errors: expect.stringContaining('npm run simulator -- <command>') });
    expect(await run('run', '--wrong')).toMatchObject({ code: 2, errors: expect.stringContaining('--wrong') });
    const nowhere = await run('queues', '--at', 'http://127.0.0.1:9');
    expect(nowhere).toMatchObject({ code: 1, errors: expect.stringContaining('No simulator answers') });
  });
});
