import { spawn } from 'node:child_process';
import { join } from 'node:path';

const REPOSITORY = join(import.meta.dirname, '..', '..');

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

/** Starts a command as in production. */
export function startOps(env: Readonly<Record<string, string>>, args: readonly string[]): RunningOps {
  const main = join(REPOSITORY, 'dist', 'apps', 'projector', 'src', 'ops', 'main.js');
  const child = spawn(process.execPath, [main, ...args], {
    cwd: REPOSITORY,
    env: { PATH: process.env.PATH, ...env },
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

/** Runs a command to its end. */
export function runOps(env: Readonly<Record<string, string>>, args: readonly string[]): Promise<OpsResult> {
  return startOps(env, args).ended;
}
