import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { COMPILE_CACHE, LOG_DIRECTORY, REPOSITORY, SPOOL_DATA } from './places.js';
import { freePort } from './ports.js';
import type { RunningProcess } from './processes.js';
import { describeExit, logTail, startProcess } from './processes.js';
import { Refusal } from './refusal.js';

/** What `npm start` runs on top of Kafka and Postgres. */
export type AppName = 'ingress' | 'normaliser' | 'projector' | 'simulator';

/** Where to reach what. */
export interface Addresses {
  /** The public door. */
  readonly ingress: string;
  readonly management: { readonly ingress: string; readonly normaliser: string; readonly projector: string };
  /** The simulator's control. */
  readonly simulator: string;
  /** Where the ingress fetches from queues, and asks for tokens to them. */
  readonly mns: string;
  readonly mnsToken: string;
}

/** Everything that is needed to start the apps. */
export interface AppPlan {
  readonly addresses: Addresses;
  /** The secret path segment that the simulator pushes with. */
  readonly alibabaToken: string;
  readonly topicPrefix: string;
  /** Environment of every app; more comes from `environmentOf`. */
  readonly environment: NodeJS.ProcessEnv;
}

/** Fixed, for development only: keys have to be the same after a restart. Real ones are secret. */
export const DEVELOPMENT = {
  ALI_AK: 'development-access-key-id',
  ALI_SK: 'development-access-key-secret',
  ALI_TOKEN: 'development-token-1',
  HW_AK: 'development-access-key',
  HW_SK: 'development-secret-key-1',
  TENCENT_TOKEN: 'development-token-2',
  VOLCENGINE_TOKEN: 'development-token-3',
  IDENTITY_NAMESPACE: '6f1c1d52-3f0c-4d7a-9a53-0d6d2a6e5b11',
  TOPIC_PREFIX: 'quittance.',
  TOPIC_PARTITIONS: '6',
  TOPIC_REPLICATION: '1',
  SPOOL_DIRECTORY: SPOOL_DATA,
  SHUTDOWN_GRACE: '10s',
  LOG_LEVEL: 'info',
  LOG_FORMAT: 'json',
  TIME_COMPRESSION: '60',
};

/** Ports for people to remember; another is taken when they are not free. */
const PORTS = { ingress: 8080, simulator: 8081, management: { ingress: 9100, normaliser: 9101, projector: 9102 } };

/** Chooses ports and puts the environment together. */
export async function planApps(outer: NodeJS.ProcessEnv, brokers: string, databaseUrl: string): Promise<AppPlan> {
  const at = async (port: number): Promise<string> => `http://127.0.0.1:${await freePort(port)}`;
  const chosen = Object.fromEntries(
    Object.entries(DEVELOPMENT).map(([name, value]) => [name, outer[name] === '' ? value : (outer[name] ?? value)]),
  ) as typeof DEVELOPMENT;
  const configuration = resolve(outer.QUITTANCE_CONFIG ?? join(REPOSITORY, 'quittance.example.yaml'));
  if (!existsSync(configuration))
    throw new Refusal(`There is no configuration at ${configuration} (QUITTANCE_CONFIG).`);
  const simulator = await at(PORTS.simulator);
  // The simulator plays both, unless somebody wants to see the vendor's own.
  const mns = given(outer.MNS_QUEUE_ENDPOINT) ?? simulator;
  const mnsToken = given(outer.MNS_TOKEN_ENDPOINT) ?? simulator;
  return {
    addresses: {
      ingress: await at(PORTS.ingress),
      management: {
        ingress: await at(PORTS.management.ingress),
        normaliser: await at(PORTS.management.normaliser),
        projector: await at(PORTS.management.projector),
      },
      simulator,
      mns,
      mnsToken,
    },
    alibabaToken: chosen.ALI_TOKEN,
    topicPrefix: chosen.TOPIC_PREFIX,
    environment: {
      ...outer,
      ...chosen,
      KAFKA_BROKERS: brokers,
      DATABASE_URL: databaseUrl,
      QUITTANCE_CONFIG: configuration,
      MNS_QUEUE_ENDPOINT: mns,
      MNS_TOKEN_ENDPOINT: mnsToken,
      HOST: '127.0.0.1',
    },
  };
}

/**
 * How every app is started, here and in the image (Dockerfile). Records live until Kafka has confirmed them, which is
 * longer than the young generation's default of 16 MB lasts under load: with 64 MB the normaliser needs an eighth less
 * CPU.
 */
export const NODE_FLAGS = ['--max-semi-space-size=64', '--enable-source-maps'] as const;

/** Starts an app; it is ready when `waitForReady` says so. */
export function startApp(name: AppName, plan: AppPlan): Promise<RunningProcess> {
  const own =
    name === 'simulator'
      ? { PORT: portOf(plan.addresses.simulator), INGRESS_URL: plan.addresses.ingress }
      : {
          MANAGEMENT_PORT: portOf(plan.addresses.management[name]),
          ...(name === 'ingress' ? { PORT: portOf(plan.addresses.ingress) } : {}),
        };
  return startProcess({
    name,
    command: process.execPath,
    args: [...NODE_FLAGS, join(REPOSITORY, 'dist', 'apps', name, 'src', 'main.js')],
    logFile: join(LOG_DIRECTORY, `${name}.log`),
    env: { NODE_COMPILE_CACHE: COMPILE_CACHE, ...plan.environment, ...own },
    cwd: REPOSITORY,
  });
}

/** Runs a program of the repository to its end. */
export async function runStep(name: string, script: string, plan: AppPlan): Promise<void> {
  const logFile = join(LOG_DIRECTORY, `${name}.log`);
  const step = await startProcess({
    name,
    command: process.execPath,
    args: ['--enable-source-maps', join(REPOSITORY, 'dist', script)],
    logFile,
    env: plan.environment,
    cwd: REPOSITORY,
  });
  const exit = await step.exited;
  if (exit.code !== 0) throw new Refusal(`${name} ended with ${describeExit(exit)}:\n${logTail(logFile)}`);
}

/** Waits until `GET {address}/health/ready` answers 200. Whoever waits watches the process too: it may have died. */
export async function waitForReady(name: AppName, address: string, timeoutMs = 60_000): Promise<void> {
  const deadline = Date.now() + timeoutMs;
  let answer = 'no answer';
  for (;;) {
    try {
      const response = await fetch(`${address}/health/ready`, { signal: AbortSignal.timeout(2_000) });
      const body = await response.text();
      if (response.status === 200) return;
      answer = `${response.status} ${body}`;
    } catch {
      // Not listening yet.
    }
    if (Date.now() > deadline) {
      const log = join(LOG_DIRECTORY, `${name}.log`);
      throw new Refusal(`${name} was not ready in time (${answer}). The end of its log:\n${logTail(log)}`);
    }
    await delay(100);
  }
}

function given(value: string | undefined): string | null {
  return value === undefined || value === '' ? null : value;
}

function portOf(address: string): string {
  return new URL(address).port;
}
