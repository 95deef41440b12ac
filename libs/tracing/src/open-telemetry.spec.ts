import { once } from 'node:events';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import { openTracing, type Tracing } from './tracing.js';

const PROCESS = { app: 'test', version: '1.2.3' };
/** Taken for as good as at once, ms: a machine may be busy. */
const SOON = 3_000;

describe('openTracing', () => {
  const told: string[] = [];
  const logger = {
    info: (_fields: object, message: string) => told.push(message),
    warn: (_fields: object, message: string) => told.push(message),
  };
  let ending: (() => Promise<unknown>) | undefined;

  afterEach(async () => {
    told.length = 0;
    await ending?.();
    ending = undefined;
  });

  async function toPort(port: number): Promise<Tracing> {
    return (await openTracing(PROCESS, { endpoint: `http://127.0.0.1:${port}/`, share: 1 }, logger))!;
  }

  it('gives nothing where no collector is set', async () => {
    expect(await openTracing(PROCESS, null, logger)).toBeNull();
  });

  it.each([
    [0, false],
    [1, true],
  ])('of a share of %d samples each: %s', async (share, each) => {
    const tracing = (await openTracing(PROCESS, { endpoint: 'http://127.0.0.1:9', share }, logger))!;
    expect(Array.from({ length: 100 }, () => tracing.samples())).toEqual(Array(100).fill(each));
    await tracing.close(0);
  });

  it('takes more than it keeps while the collector is away, and closes in time', async () => {
    const server = createServer();
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    server.close();
    const tracing = await toPort(port);
    for (let span = 0; span < 20_000; span++) tracing.start('work', { kind: 'server' }).end();
    const began = performance.now();
    await tracing.close(100);
    expect(performance.now() - began).toBeLessThan(SOON);
  });

  it('closes in time though the collector says nothing', async () => {
    const server = createServer((socket) => socket.on('error', () => undefined).resume());
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const tracing = await toPort((server.address() as AddressInfo).port);
    tracing.start('work', { kind: 'server' }).end();
    const connected = once(server, 'connection') as Promise<[{ destroy(): void }]>;
    ending = async () => {
      const [socket] = await connected;
      socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    };
    const began = performance.now();
    await tracing.close(100);
    expect(performance.now() - began).toBeLessThan(SOON);
  });
});
