import { setTimeout as delay } from 'node:timers/promises';
import type { Exit, ProcessSpec } from './processes.js';
import { describeExit, logTail, startProcess } from './processes.js';

/** How a server is started that others wait for. */
export interface ServerSpec extends Omit<ProcessSpec, 'name'> {
  /** For people: `Kafka`. */
  readonly name: string;
  /** Where it will be found, for people: `on 127.0.0.1:9092`. */
  readonly where: string;
  /** Whether it serves. */
  readonly isReady: () => Promise<boolean>;
  /** How long it may take until it does, ms. Default 60 s. */
  readonly timeoutMs: number | undefined;
  /** What shuts it down in order. */
  readonly stopSignal: NodeJS.Signals;
  /** Told the pid as soon as there is one, before the server is ready: a crash in between must not orphan it. */
  readonly onSpawn: ((pid: number) => void) | undefined;
}

/** A server that runs, and what can be done to its process. */
export interface ServerProcess {
  readonly pid: number;
  readonly logFile: string;
  readonly exited: Promise<Exit>;
  exit(): Exit | null;
  /** SIGSTOP makes it hang as a whole, SIGCONT lets it go on. */
  signal(signal: NodeJS.Signals): void;
  /** Ends it at once (default SIGKILL) and resolves when it is gone. */
  kill(signal?: NodeJS.Signals): Promise<void>;
  /** Shuts it down in order. */
  stop(): Promise<void>;
}

const LONGEST_START = 60_000;
const LONGEST_STOP = 20_000;
const ASKED_EVERY = 50;

/**
 * Starts a server and waits until it serves.
 * @throws Error with the end of its log when it has ended, or is not ready in time; then it runs no more
 */
export async function startServer(spec: ServerSpec): Promise<ServerProcess> {
  const { name, where, logFile, isReady, stopSignal } = spec;
  const server = await startProcess({ ...spec, name: name.toLowerCase() });
  spec.onSpawn?.(server.pid);

  const deadline = Date.now() + (spec.timeoutMs ?? LONGEST_START);
  while (!(await isReady())) {
    const exit = server.exit();
    if (exit !== null) throw new Error(`${name} ended with ${describeExit(exit)} at its start:\n${logTail(logFile)}`);
    if (Date.now() > deadline) {
      await server.stop('SIGKILL');
      throw new Error(`${name} was not ready in time ${where}:\n${logTail(logFile)}`);
    }
    await delay(ASKED_EVERY);
  }
  return {
    pid: server.pid,
    logFile,
    exited: server.exited,
    exit: () => server.exit(),
    signal: (signal) => {
      server.signal(signal);
    },
    kill: async (signal = 'SIGKILL') => {
      server.signal(signal);
      await server.exited;
    },
    stop: async () => {
      await server.stop(stopSignal, LONGEST_STOP);
    },
  };
}
