import { spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

/** What to run. The process gets a group of its own, so that a Ctrl-C in the terminal does not reach it past us. */
export interface ProcessSpec {
  /** For people: `kafka`, `ingress`. */
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  /** Gets everything that the process prints; appended to. */
  readonly logFile: string;
  readonly env?: NodeJS.ProcessEnv;
  readonly cwd?: string;
  /** Run as another user; only root may ask for it. */
  readonly user?: { readonly uid: number; readonly gid: number };
}

/** How a process ended. One of the two is not null. */
export interface Exit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** A process that we started. */
export interface RunningProcess {
  readonly name: string;
  readonly pid: number;
  readonly logFile: string;
  /** Settles when the process has ended, however that came. */
  readonly exited: Promise<Exit>;
  /** Null as long as it runs. */
  exit(): Exit | null;
  /** Sends a signal to the process and everything it started. Says nothing when it is gone already. */
  signal(signal: NodeJS.Signals): void;
  /** Asks with `signal` (default SIGTERM), kills after `graceMs`, and resolves when the process is gone. */
  stop(signal?: NodeJS.Signals, graceMs?: number): Promise<Exit>;
}

/** Starts a process. Rejects when the command cannot be run at all. */
export async function startProcess(spec: ProcessSpec): Promise<RunningProcess> {
  mkdirSync(dirname(spec.logFile), { recursive: true });
  const log = openSync(spec.logFile, 'a');
  const child = spawn(spec.command, spec.args, {
    detached: true,
    stdio: ['ignore', log, log],
    env: spec.env ?? process.env,
    ...(spec.cwd === undefined ? {} : { cwd: spec.cwd }),
    ...spec.user,
  });
  closeSync(log);

  let exit: Exit | null = null;
  const exited = new Promise<Exit>((resolve) => {
    child.once('exit', (code, signal) => {
      exit = { code, signal };
      resolve(exit);
    });
  });
  await new Promise<void>((resolve, reject) => {
    child.once('spawn', resolve);
    child.once('error', reject);
  });
  const pid = child.pid;
  if (pid === undefined) throw new Error(`${spec.name} has no process id`);

  const signalGroup = (signal: NodeJS.Signals): void => {
    if (exit === null) signalProcessGroup(pid, signal);
  };
  return {
    name: spec.name,
    pid,
    logFile: spec.logFile,
    exited,
    exit: () => exit,
    signal: signalGroup,
    stop: async (signal = 'SIGTERM', graceMs = 15_000) => {
      signalGroup(signal);
      const timer = new AbortController();
      const late = delay(graceMs, null, { signal: timer.signal }).catch(() => null);
      const done = await Promise.race([exited, late]);
      timer.abort();
      if (done !== null) return done;
      signalGroup('SIGKILL');
      return exited;
    },
  };
}

/** Signals a process and everything in its group; falls back to the process alone. Silent when nothing is there. */
export function signalProcessGroup(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-pid, signal);
  } catch {
    try {
      process.kill(pid, signal);
    } catch {
      // It is gone, which is what every caller wants.
    }
  }
}

/** The last lines that a process printed. */
export function logTail(logFile: string, lines = 20): string {
  try {
    return readFileSync(logFile, 'utf8').trimEnd().split('\n').slice(-lines).join('\n');
  } catch {
    return '(no log)';
  }
}

/** `exit code 1` or `signal SIGKILL`. */
export function describeExit(exit: Exit): string {
  return exit.signal === null ? `exit code ${exit.code ?? 'unknown'}` : `signal ${exit.signal}`;
}
