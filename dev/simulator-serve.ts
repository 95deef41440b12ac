import { join } from 'node:path';
import { NODE_FLAGS, waitForReady } from './apps.js';
import { LOG_DIRECTORY, REPOSITORY } from './places.js';
import { freePort } from './ports.js';
import { describeExit, logTail, startProcess } from './processes.js';
import { Refusal } from './refusal.js';

/** How a simulator is started by itself. */
export interface ServeOptions {
  readonly host: string;
  readonly port: number;
  /** Where it pushes to; null: as the environment or the simulator's default says. */
  readonly ingress: string | null;
}

/** What it lets in and proves itself with, unless the environment says otherwise. For tests only, and no secret. */
const STAND_ALONE = {
  ALI_AK: 'simulator-access-key',
  ALI_SK: 'simulator-secret-key',
  ALI_TOKEN: 'simulator-token',
  TENCENT_TOKEN: 'simulator-token',
  VOLCENGINE_TOKEN: 'simulator-token',
  HW_AK: 'simulator-access-key',
  HW_SK: 'simulator-secret-key',
};

/** Where one looks from to reach whatever it listens on. */
const LOOPBACK = '127.0.0.1';

/** Starts a simulator and keeps it up until Ctrl-C. Returns the exit code. */
export async function serve({ host, port, ingress }: ServeOptions): Promise<number> {
  if ((await freePort(port)) !== port) throw new Refusal(`Port ${port} is taken: choose another with --port.`);
  const given = Object.fromEntries(Object.entries(process.env).filter(([, value]) => value !== ''));
  const env = {
    ...STAND_ALONE,
    ...given,
    HOST: host,
    PORT: String(port),
    ...(ingress === null ? {} : { INGRESS_URL: ingress }),
  };
  const logFile = join(LOG_DIRECTORY, 'simulator-serve.log');
  const simulator = await startProcess({
    name: 'simulator',
    command: process.execPath,
    args: [...NODE_FLAGS, join(REPOSITORY, 'dist', 'apps', 'simulator', 'src', 'main.js')],
    logFile,
    env,
    cwd: REPOSITORY,
  });
  const stopping = new AbortController();
  const stop = (): void => {
    stopping.abort();
    void simulator.stop();
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, stop);
  // Whoever started us is gone: nobody is left to press Ctrl-C.
  process.on('disconnect', stop);

  const address = `http://${host === '0.0.0.0' ? LOOPBACK : host}:${port}`;
  const ended = simulator.exited.then((exit) => {
    if (!stopping.signal.aborted)
      throw new Refusal(`The simulator ended with ${describeExit(exit)}:\n${logTail(logFile)}`);
  });
  await Promise.race([waitForReady('simulator', address), ended]);
  if (!stopping.signal.aborted) console.log(welcome(address, env));
  await ended;
  return 0;
}

function welcome(address: string, env: typeof STAND_ALONE & { readonly INGRESS_URL?: string }): string {
  return `control            ${address}
queues (MNS)       ${address}         key ${env.ALI_AK}, secret ${env.ALI_SK}
queue tokens       ${address}         QueryTokenForMnsQueue, same key
pushes go to       ${env.INGRESS_URL ?? 'http://127.0.0.1:8080'}

  curl -X POST ${address}/queue-messages -H 'content-type: application/json' \\
       -d '{"queue":"Alicom-Queue-1000000000000001-SmsReport","body":"e30="}'
  npm run simulator -- queues --at ${address}

Ctrl-C stops it.`;
}
