import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { ROOT } from '../architecture/source-tree.js';

const LAUNCHER = join(ROOT, 'container', 'quittance.mjs');

function start(args: readonly string[], env: Readonly<Record<string, string>> = {}, launcher = LAUNCHER): ChildProcess {
  return spawn(process.execPath, [launcher, ...args], { env, stdio: ['ignore', 'pipe', 'pipe'] });
}

async function run(args: readonly string[], launcher?: string): Promise<{ code: unknown; out: string; err: string }> {
  const child = start(args, {}, launcher);
  const exit = once(child, 'exit');
  const [out, err] = await Promise.all([text(child.stdout!), text(child.stderr!)]);
  return { code: (await exit)[0], out, err };
}

describe('what the image starts', () => {
  let folder: string;

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'quittance-launcher-'));
  });
  afterAll(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  it('is what the argument names, and nothing for a name that it does not know', async () => {
    const [ops, unknown, none] = await Promise.all([run(['ops', 'help']), run(['constructor']), run([])]);
    expect(ops).toMatchObject({ code: 0, out: expect.stringContaining('reproject') });
    expect(unknown).toMatchObject({ code: 2, err: expect.stringContaining('set-up-topics') });
    expect(none.code).toBe(2);
  });

  it("is the operators' commands when it is called quittance-ops", async () => {
    const link = join(folder, 'quittance-ops');
    symlinkSync(LAUNCHER, link);
    expect(await run(['help'], link)).toEqual(await run(['ops', 'help']));
  });

  it('says how commands are typed where it runs: it has no npm', async () => {
    const [ops, sources] = await Promise.all([run(['ops', 'help']), run(['ops', 'sources', 'check', '--help'])]);
    for (const { out } of [ops, sources]) {
      expect(out).toMatch(/^Usage: quittance-ops /);
      expect(out).not.toContain('npm');
    }
  });

  it("finds the command about sources, which is the ingress's", async () => {
    const { code, out } = await run(['ops', 'sources', 'check', '--help']);
    expect([code, out]).toEqual([0, expect.stringContaining('sources check')]);
  });

  it('ends on a signal also while it does nothing about signals itself', async () => {
    // Takes the connection, and never says a word: a migration waits here.
    const silent = createServer().listen(0, '127.0.0.1');
    await once(silent, 'listening');
    const { port } = silent.address() as AddressInfo;
    const migration = start(['migrate'], { DATABASE_URL: `postgresql://q:q@127.0.0.1:${port}/q` });
    await once(silent, 'connection');
    migration.kill('SIGTERM');
    expect(await once(migration, 'exit')).toEqual([143, null]);
    silent.close();
  });
});
