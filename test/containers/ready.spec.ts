import { afterEach, describe, expect, it } from '@jest/globals';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { ROOT } from '../architecture/source-tree.js';

/** What the health check of the image ends with. */
async function check(env: Readonly<Record<string, string>>, args: readonly string[] = []): Promise<unknown> {
  const child = spawn(process.execPath, [join(ROOT, 'container', 'ready.mjs'), ...args], { env, stdio: 'ignore' });
  const [code] = (await once(child, 'exit')) as [unknown];
  return code;
}

describe('the health check', () => {
  let server: Server | undefined;

  async function answering(status: number): Promise<string> {
    server = createServer((request, response) => {
      response.writeHead(request.url === '/health/ready' ? status : 404).end();
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    return String((server.address() as AddressInfo).port);
  }

  afterEach(() => {
    server?.close();
  });

  it('is content with a process that is ready', async () => {
    const port = await answering(200);
    expect(await check({ MANAGEMENT_PORT: port })).toBe(0);
    expect(await check({ HOST: '127.0.0.1', MANAGEMENT_HOST: '', MANAGEMENT_PORT: port })).toBe(0);
    expect(await check({ MANAGEMENT_PORT: '1' }, [port])).toBe(0);
  });

  it('is not with one that is not ready, or not there', async () => {
    const port = await answering(503);
    expect(await check({ MANAGEMENT_PORT: port })).toBe(1);
    expect(await check({ MANAGEMENT_PORT: '1' })).toBe(1);
  });
});
