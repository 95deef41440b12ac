import { afterAll, describe, expect, it } from '@jest/globals';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isAlive, ProcessRegistry, recordOf, stopLeftovers } from './process-registry.js';
import { startProcess } from './processes.js';

const directory = mkdtempSync(join(tmpdir(), 'quittance-registry-'));
afterAll(() => {
  rmSync(directory, { recursive: true, force: true });
});

function sleeper() {
  const args = ['-e', 'setInterval(() => undefined, 1000)'];
  return startProcess({ name: 'sleeper', command: process.execPath, args, logFile: join(directory, 'sleeper.log') });
}

describe('ProcessRegistry', () => {
  it('finds and stops what an earlier run wrote down', async () => {
    const file = join(directory, 'left.json');
    const started = await sleeper();
    new ProcessRegistry(file).add('sleeper', started.pid);
    const later = new ProcessRegistry(file);
    expect(later.records.every(isAlive)).toBe(true);
    expect(await stopLeftovers(later.records)).toEqual(['sleeper']);
    expect(await started.exited).toEqual({ code: null, signal: 'SIGTERM' });
    expect(later.records.some(isAlive)).toBe(false);
  });

  it('stops a process that hangs', async () => {
    const started = await sleeper();
    const record = recordOf('sleeper', started.pid);
    started.signal('SIGSTOP');
    expect(record).not.toBeNull();
    expect(await stopLeftovers(record === null ? [] : [record])).toEqual(['sleeper']);
    await started.exited;
  });

  it('leaves a process alone that only has the same pid', async () => {
    const started = await sleeper();
    expect(await stopLeftovers([{ name: 'sleeper', pid: started.pid, startedAt: 'another time' }])).toEqual([]);
    expect(started.exit()).toBeNull();
    await started.stop('SIGKILL');
  });

  it('takes a broken file for an empty one', () => {
    const file = join(directory, 'broken.json');
    writeFileSync(file, '[{"pid":');
    expect(new ProcessRegistry(file).records).toEqual([]);
  });
});
