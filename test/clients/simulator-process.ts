import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { anyFreePort } from '../../dev/ports.js';
import { startProcess } from '../../dev/processes.js';
import { until } from '../system/until.js';

/** The simulator as a process of its own, built and started as `npm start` does, with nothing behind it. */
export interface Simulator {
  /** `http://127.0.0.1:port` of everything: control, queues, tokens. */
  readonly url: string;
  readonly host: string;
  /** Puts a message into a queue. */
  send(queue: string, body: string): Promise<void>;
  /** Sets faults. */
  setFaults(faults: Readonly<Record<string, unknown>>): Promise<void>;
  /** Messages of a queue by where they are. */
  counts(queue: string): Promise<Readonly<Record<string, number>>>;
  stop(): Promise<void>;
}

/** The key of the customer whom the simulator knows. */
export const KEY = { accessKeyId: 'test-access-key', accessKeySecret: 'test-secret-0123456789' };

const MAIN = join(import.meta.dirname, '..', '..', 'dist', 'apps', 'simulator', 'src', 'main.js');

/** Starts one and waits until it answers. */
export async function startSimulator(environment: Readonly<Record<string, string>> = {}): Promise<Simulator> {
  const directory = mkdtempSync(join(tmpdir(), 'quittance-simulator-'));
  const logFile = join(directory, 'simulator.log');
  const port = await anyFreePort();
  const [host, url] = [`127.0.0.1:${port}`, `http://127.0.0.1:${port}`];
  const process = await startProcess({
    name: 'simulator',
    command: globalThis.process.execPath,
    args: [MAIN],
    logFile,
    // A zone that is not the vendor's.
    env: {
      TZ: 'America/New_York',
      PORT: String(port),
      ALI_AK: KEY.accessKeyId,
      ALI_SK: KEY.accessKeySecret,
      ...environment,
    },
  });
  await until('the simulator answers', async () => {
    if (process.exit() !== null) throw new Error(`the simulator died:\n${readFileSync(logFile, 'utf8')}`);
    return fetch(`${url}/health/ready`).then(
      ({ ok }) => ok,
      () => false,
    );
  });
  const control = async (method: string, path: string, body?: unknown): Promise<unknown> => {
    const response = await fetch(url + path, {
      method,
      ...(body === undefined ? {} : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
    });
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
    return response.json();
  };
  return {
    url,
    host,
    send: async (queue, body) => {
      await control('POST', '/queue-messages', { queue, body });
    },
    setFaults: async (faults) => {
      await control('PUT', '/faults', faults);
    },
    counts: async (queue) => {
      const all = (await control('GET', '/queue-counts')) as Record<string, Record<string, number>>;
      return all[queue] ?? {};
    },
    stop: async () => {
      await process.stop();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}
