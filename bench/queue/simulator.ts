import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { REPOSITORY } from '../../dev/places.js';
import { anyFreePort } from '../../dev/ports.js';
import { logTail, startProcess } from '../../dev/processes.js';
import type { BenchServers } from '../bench-stack.js';

/** The key that opens the simulator's queues. */
export const KEY = { accessKeyId: 'access-key-of-the-benchmark', accessKeySecret: 'secret-of-the-benchmark' };

/** Messages that are put into a queue at once. */
const SENDERS = 32;
const READY_WITHIN = 30_000;

/** The simulator, for its queues. */
export interface QueueSimulator {
  readonly url: string;
  readonly pid: number;
  /** Puts a body into a queue. */
  send(queue: string, body: string): Promise<void>;
  /** Puts bodies into a queue. */
  fill(queue: string, count: number, body: (index: number) => string): Promise<void>;
  /** Messages that are not deleted. */
  size(queue: string): Promise<number>;
  stop(): Promise<void>;
}

/** Starts it. @param environment more of its settings */
export async function startSimulator(
  stack: BenchServers,
  environment: Readonly<Record<string, string>>,
): Promise<QueueSimulator> {
  const port = await anyFreePort();
  const url = `http://127.0.0.1:${port}`;
  const logFile = join(stack.directory, `simulator-${port}.log`);
  const simulator = await startProcess({
    name: 'simulator',
    command: process.execPath,
    args: [join(REPOSITORY, 'dist', 'apps', 'simulator', 'src', 'main.js')],
    logFile,
    cwd: REPOSITORY,
    env: {
      PATH: process.env.PATH,
      PORT: String(port),
      ALI_AK: KEY.accessKeyId,
      ALI_SK: KEY.accessKeySecret,
      ...environment,
    },
  });
  stack.register('simulator', simulator.pid);
  const deadline = Date.now() + READY_WITHIN;
  while (!(await answers(`${url}/health/ready`))) {
    if (Date.now() > deadline) throw new Error(`the simulator was not ready in time:\n${logTail(logFile)}`);
    await delay(50);
  }
  return {
    url,
    pid: simulator.pid,
    send: (queue, body) => send(url, queue, body),
    fill: async (queue, count, body) => {
      let next = 0;
      const sender = async (): Promise<void> => {
        while (next < count) {
          next += 1;
          await send(url, queue, body(next));
        }
      };
      await Promise.all(Array.from({ length: SENDERS }, sender));
    },
    size: async (queue) => {
      const response = await fetch(`${url}/queue-counts`);
      const counts = (await response.json()) as Record<string, Readonly<Record<string, number>>>;
      const { active = 0, inactive = 0 } = counts[queue] ?? {};
      return active + inactive;
    },
    stop: async () => {
      await simulator.stop('SIGTERM', 10_000);
      stack.forget(simulator.pid);
    },
  };
}

async function send(url: string, queue: string, body: string): Promise<void> {
  const response = await fetch(`${url}/queue-messages`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ queue, body }),
  });
  if (!response.ok) throw new Error(`the simulator answered ${response.status}`);
  await response.arrayBuffer();
}

function answers(url: string): Promise<boolean> {
  return fetch(url).then(
    ({ ok }) => ok,
    () => false,
  );
}
