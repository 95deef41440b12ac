import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Registry } from 'prom-client';
import { createLogger } from '../logging.js';
import { ConfigurationError } from '../mistakes.js';
import { Reloading } from './reloading.js';

let directory = '';
let reloading: Reloading | undefined;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'quittance-reloading-'));
});
afterEach(() => {
  reloading?.beforeApplicationShutdown();
  process.removeAllListeners('SIGHUP');
  rmSync(directory, { recursive: true });
});

/** Something that is reloaded, with the outcomes that a test wants, one after the other. */
function started(...outcomes: (() => Readonly<Record<string, unknown>> | null)[]) {
  const file = join(directory, 'a');
  writeFileSync(file, '');
  const lines: string[] = [];
  const registry = new Registry();
  let reloads = 0;
  const reloadable = { files: [file], reload: () => (outcomes[reloads++] ?? (() => null))() };
  reloading = new Reloading('configuration', reloadable, {
    logger: createLogger({ name: 'test', logLevel: 'debug', logFormat: 'json' }, { write: (line) => lines.push(line) }),
    registry,
    times: { stillFor: 10, lookEvery: 1_000_000 },
  });
  return {
    file,
    reloading,
    reloads: () => reloads,
    lines: () => lines.map((line) => JSON.parse(line) as Record<string, unknown>),
    metric: async (name: string) => {
      const text = await registry.getSingleMetricAsString(`quittance_configuration_${name}`);
      return text.split('\n').filter((line) => !line.startsWith('#'));
    },
  };
}

async function until(condition: () => boolean): Promise<void> {
  for (let waited = 0; waited < 10_000 && !condition(); waited += 5) await delay(5);
  expect(condition()).toBe(true);
}

describe('Reloading', () => {
  it('says by a line and by metrics what became of it, until it is good again', async () => {
    const mistakes = [
      { path: 'a', message: 'is wrong' },
      { path: 'b', message: 'as well' },
    ];
    const {
      reloading: it,
      lines,
      metric,
    } = started(
      () => ({ added: ['x'] }),
      () => {
        throw new ConfigurationError('quittance.yaml', mistakes);
      },
    );
    expect(await metric('last_reload_successful')).toEqual(['quittance_configuration_last_reload_successful 1']);
    it.reload();
    it.reload();
    expect(await metric('last_reload_successful')).toEqual(['quittance_configuration_last_reload_successful 0']);
    expect(lines()).toMatchObject([
      { level: 'info', msg: 'configuration.reloaded', added: ['x'] },
      { level: 'error', msg: 'configuration.refused', mistakes },
    ]);
    it.reload();
    expect(await metric('last_reload_successful')).toEqual(['quittance_configuration_last_reload_successful 1']);
    expect(await metric('reloads_total')).toEqual([
      'quittance_configuration_reloads_total{outcome="applied"} 1',
      'quittance_configuration_reloads_total{outcome="unchanged"} 1',
      'quittance_configuration_reloads_total{outcome="refused"} 1',
    ]);
    const [at = ''] = await metric('last_reload_success_timestamp_seconds');
    expect(Math.abs(Number(at.split(' ')[1]) - Date.now() / 1000)).toBeLessThan(60);
    expect(lines()).toHaveLength(2);
  });

  it('reads anew when a file changes and on SIGHUP, and no more when the process stops', async () => {
    const { reloading: it, file, reloads } = started();
    it.onApplicationBootstrap();
    await until(() => reloads() === 1);
    writeFileSync(file, 'x');
    await until(() => reloads() === 2);
    process.emit('SIGHUP');
    await until(() => reloads() === 3);
    it.beforeApplicationShutdown();
    process.emit('SIGHUP');
    writeFileSync(file, 'xx');
    await delay(100);
    expect(reloads()).toBe(3);
  });
});
