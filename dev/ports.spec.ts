import { describe, expect, it } from '@jest/globals';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { anyFreePort, freePort } from './ports.js';

describe('freePort', () => {
  it('gives the preferred port when it is free', async () => {
    const port = await anyFreePort();
    expect(await freePort(port)).toBe(port);
  });

  it('gives another one when it is taken', async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    expect(await freePort(port)).not.toBe(port);
    await new Promise((resolve) => server.close(resolve));
  });
});
