import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { describe, expect, it } from '@jest/globals';
import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { Health } from './health.js';
import { ManagementServer } from './management-server.js';
import { ManagementModule } from './management.module.js';
import { StartError } from './mistakes.js';

/** A module that ends slowly and notes whether the management port still answers then. */
function slowModule(look: () => Promise<number>, seen: number[]) {
  @Module({})
  class Slow {
    async onApplicationShutdown(): Promise<void> {
      await new Promise((resolve) => setTimeout(resolve, 20));
      seen.push(await look());
    }
  }
  return Slow;
}

describe('ManagementModule', () => {
  it('answers from start to end, and closes after everything else', async () => {
    const health = new Health();
    const seen: number[] = [];
    let base = '';
    const status = async (path: string): Promise<number> => (await fetch(base + path)).status;
    const look = () => status('/health/ready');

    @Module({
      imports: [ManagementModule.forRoot({ host: '127.0.0.1', port: 0, health }), slowModule(look, seen)],
    })
    class App {}

    const app = await NestFactory.createApplicationContext(App, { logger: false, abortOnError: false });
    base = `http://127.0.0.1:${app.get(ManagementServer).port ?? 0}`;
    expect([await status('/health/live'), await status('/health/ready')]).toEqual([200, 200]);
    expect(await (await fetch(`${base}/metrics`)).text()).toContain('quittance_process_cpu_seconds_total');

    const elsewhere = await fetch(`${base}/<b>elsewhere`);
    expect([elsewhere.status, await elsewhere.text()]).toEqual([404, 'not found\n']);

    health.register('kafka', () => ({ healthy: false, detail: 'away' }));
    const answer = await fetch(`${base}/health/ready`);
    expect([answer.status, await answer.json()]).toEqual([
      503,
      {
        status: 'unavailable',
        checks: { process: { healthy: true, detail: 'running' }, kafka: { healthy: false, detail: 'away' } },
      },
    ]);
    await app.close();
    expect(seen).toEqual([503]);
    await expect(look()).rejects.toThrow();
  });

  it('says which variable to change when its port is taken', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => other.once('listening', resolve));
    const { port } = other.address() as AddressInfo;
    @Module({ imports: [ManagementModule.forRoot({ host: '127.0.0.1', port })] })
    class App {}
    const started = NestFactory.createApplicationContext(App, { logger: false, abortOnError: false });
    await expect(started).rejects.toThrow(new StartError(`port ${port} is taken: set MANAGEMENT_PORT to a free one`));
    other.close();
  });
});
