/** Whoever reads what the processes print is not part of the way of a receipt: he may hang, or go. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { NODE_FLAGS } from '../../dev/apps.js';
import { anyFreePort } from '../../dev/ports.js';
import { Installation, TOKEN } from './installation.js';
import { smsReport } from './receipts.js';
import { until } from './until.js';

const REPOSITORY = join(import.meta.dirname, '..', '..');
/** A line each: several times what the kernel keeps between two processes, where every line takes some 800 bytes. */
const RECEIPTS = 1_000;
const AT_ONCE = 32;

describe('an ingress whose lines nobody takes', () => {
  let installation: Installation;
  let ingress: ChildProcess;
  let door: string;

  beforeAll(async () => {
    // A long deadline: what is asked is whether receipts are taken at all, on a busy machine as well.
    const http = { tokens: [TOKEN], deadline: '10s' };
    installation = await Installation.create({
      configuration: {
        accounts: { main: { provider: 'alibaba' } },
        sources: [{ id: 'sms-report', account: 'main', receipt: 'SmsReport', http }],
      },
    });
  });

  afterEach(() => {
    ingress.kill('SIGKILL');
  });

  afterAll(async () => {
    await installation.stop();
  });

  async function start(): Promise<void> {
    const [port, managementPort] = [await anyFreePort(), await anyFreePort()];
    door = `http://127.0.0.1:${port}/receipts/sms-report/${TOKEN}`;
    ingress = spawn(process.execPath, [...NODE_FLAGS, join(REPOSITORY, 'dist', 'apps', 'ingress', 'src', 'main.js')], {
      cwd: REPOSITORY,
      // Nobody listens to what comes out of the pipe.
      stdio: ['ignore', 'pipe', 'inherit'],
      env: {
        PATH: process.env.PATH,
        ...installation.environment,
        HOST: '127.0.0.1',
        PORT: String(port),
        MANAGEMENT_PORT: String(managementPort),
        LOG_FORMAT: 'json',
        LOG_LEVEL: 'debug',
      },
    });
    await until('it is ready', () =>
      fetch(`http://127.0.0.1:${managementPort}/health/ready`).then(
        ({ ok }) => ok,
        () => false,
      ),
    );
  }

  async function push(): Promise<number> {
    const response = await fetch(door, {
      method: 'POST',
      body: JSON.stringify([smsReport()]),
      signal: AbortSignal.timeout(15_000),
    });
    await response.arrayBuffer();
    return response.status;
  }

  it('takes receipts all the same, and ends when it is told to', async () => {
    await start();
    const statuses = new Set<number>();
    for (let sent = 0; sent < RECEIPTS; sent += AT_ONCE) {
      for (const status of await Promise.all(Array.from({ length: AT_ONCE }, push))) statuses.add(status);
    }
    expect([...statuses]).toEqual([200]);
    ingress.kill('SIGTERM');
    expect(await once(ingress, 'exit')).toEqual([0, null]);
  });

  it('does so too when the reader has gone', async () => {
    await start();
    ingress.stdout!.destroy();
    expect(await push()).toBe(200);
    ingress.kill('SIGTERM');
    expect(await once(ingress, 'exit')).toEqual([0, null]);
  });
});
