import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { NODE_FLAGS, type AppName } from '../../dev/apps.js';
import { COMPILE_CACHE, REPOSITORY } from '../../dev/places.js';
import { anyFreePort } from '../../dev/ports.js';
import { startProcess, type RunningProcess } from '../../dev/processes.js';
import { until } from './until.js';

/** An app of ours as a process of its own, built and started as in production. */
export interface AppProcess {
  readonly process: RunningProcess;
  /** `http://127.0.0.1:port` of health and metrics. */
  readonly management: string;
  /** The public door; of the ingress and the simulator only. */
  readonly door: string;
  ready(): Promise<boolean>;
  /** Everything that it has printed. */
  log(): string;
}

/** Starts an app on free ports. It needs not be ready when this returns. */
export async function startApp(
  name: AppName,
  env: Readonly<Record<string, string>>,
  logFile: string,
): Promise<AppProcess> {
  const [port, managementPort] = [await anyFreePort(), await anyFreePort()];
  const process = await startProcess({
    name,
    command: globalThis.process.execPath,
    args: [...NODE_FLAGS, join(REPOSITORY, 'dist', 'apps', name, 'src', 'main.js')],
    logFile,
    cwd: REPOSITORY,
    env: {
      PATH: globalThis.process.env.PATH,
      NODE_COMPILE_CACHE: COMPILE_CACHE,
      HOST: '127.0.0.1',
      PORT: String(port),
      MANAGEMENT_PORT: String(managementPort),
      LOG_FORMAT: 'json',
      LOG_LEVEL: 'debug',
      ...env,
    },
  });
  const door = `http://127.0.0.1:${port}`;
  // The simulator has one door for everything.
  const management = name === 'simulator' ? door : `http://127.0.0.1:${managementPort}`;
  return {
    process,
    management,
    door,
    ready: () =>
      fetch(`${management}/health/ready`).then(
        ({ ok }) => ok,
        () => false,
      ),
    log: () => readFileSync(logFile, 'utf8'),
  };
}

/** Waits until an app is ready; fails at once, with the end of its log, when it has died. */
export async function untilReady(app: AppProcess): Promise<void> {
  await until(`${app.process.name} is ready`, async () => {
    const exit = app.process.exit();
    if (exit) throw new Error(`${app.process.name} died (${JSON.stringify(exit)}):\n${app.log().slice(-3_000)}`);
    return app.ready();
  });
}
