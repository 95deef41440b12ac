import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { COMPILE_CACHE, REPOSITORY } from '../../dev/places.js';
import { runCommand } from '../../apps/projector/src/ops/run-command.js';

/** What a command of `npm run ops` printed, and how it ended. */
export interface OpsResult {
  readonly code: number | null;
  readonly lines: readonly string[];
  readonly progress: string;
}

/** A command that runs. */
export interface RunningOps {
  readonly ended: Promise<OpsResult>;
  /** SIGINT is what Ctrl-C sends. */
  send(signal: 'SIGINT' | 'SIGKILL'): void;
}

/** Starts a command in a process of its own, as in production. */
export function startOps(env: Readonly<Record<string, string>>, args: readonly string[]): RunningOps {
  const main = join(REPOSITORY, 'dist', 'apps', 'projector', 'src', 'ops', 'main.js');
  const child = spawn(process.execPath, [main, ...args], {
    cwd: REPOSITORY,
    env: { PATH: process.env.PATH, NODE_COMPILE_CACHE: COMPILE_CACHE, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  let progress = '';
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (progress += chunk.toString()));
  const ended = new Promise<OpsResult>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => {
      resolve({ code, lines: output.split('\n').filter((line) => line !== ''), progress });
    });
  });
  return { ended, send: (signal) => void child.kill(signal) };
}

/** Runs a command to its end, in this process: what a process of its own adds, the tests of `startOps` see. */
export async function runOps(env: Readonly<Record<string, string>>, args: readonly string[]): Promise<OpsResult> {
  const output = new PassThrough();
  const errors = new PassThrough();
  const texts = Promise.all([text(output), text(errors)]);
  const code = await runCommand(args, { env, output, errors, stop: () => new AbortController().signal });
  output.end();
  errors.end();
  const [printed, progress] = await texts;
  return { code, lines: printed.split('\n').filter((line) => line !== ''), progress };
}
