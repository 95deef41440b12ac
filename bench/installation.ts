import { randomUUID } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import { topicNames, type TopicName } from '#contracts';
import { setUpTopics, topicOffsets, type KafkaLogger, type KafkaSettings } from '#kafka';
import { migrate } from '../apps/projector/src/store/schema.js';
import { NODE_FLAGS } from '../dev/apps.js';
import { REPOSITORY } from '../dev/places.js';
import { anyFreePort } from '../dev/ports.js';
import { describeExit, logTail, startProcess } from '../dev/processes.js';
import type { BenchServers } from './bench-stack.js';

/** The one source, as a provider's push would be configured. */
export const SOURCE_ID = 'sms-report';
const TOKEN = 'token-of-the-benchmark-1';
/** What is configured unless a measurement says otherwise: a door that providers push to. */
const PUSHED: InstallationConfiguration = {
  accounts: { main: { provider: 'alibaba', labels: { unit: 'retail' } } },
  sources: [{ id: SOURCE_ID, account: 'main', receipt: 'SmsReport', http: { tokens: [TOKEN] } }],
};
const PARTITIONS = 6;
const READY_WITHIN = 30_000;

export const SILENT: KafkaLogger = { debug: ignore, info: ignore, warn: ignore, error: ignore };

/** Accounts and sources, as in `quittance.yaml`. */
export interface InstallationConfiguration {
  /** Absent: one of its own. Two installations that are to give the same keys and ids must have the same. */
  readonly identityNamespace?: string;
  readonly accounts: object;
  readonly sources: readonly object[];
}

/** An app that runs, as in production. */
export interface RunningApp {
  readonly pid: number;
  /** Of the public door; only the ingress opens it. */
  readonly port: number;
  /** Of health and metrics. */
  readonly managementPort: number;
  readonly stop: () => Promise<void>;
  /** Ends it with SIGKILL. */
  readonly kill: () => Promise<void>;
}

/** A Quittance with topics, groups and a database of its own: a measurement does not see the one before. */
export class Installation {
  /** Path of the receipts' address, token included. */
  readonly path = `/receipts/${SOURCE_ID}/${TOKEN}`;
  readonly pool: pg.Pool;
  readonly configurationFile: string;
  readonly environment: Readonly<Record<string, string>>;

  private constructor(
    private readonly stack: BenchServers,
    private readonly name: string,
    private readonly profileDirectory: string | null,
  ) {
    const url = new URL(stack.databaseUrl);
    url.pathname = `/${name}`;
    this.pool = new pg.Pool({ connectionString: url.href, max: 1 });
    this.pool.on('error', ignore);
    this.configurationFile = join(stack.directory, `${name}.yaml`);
    this.environment = {
      KAFKA_BROKERS: stack.brokers,
      DATABASE_URL: url.href,
      TOPIC_PREFIX: `${name}.`,
      QUITTANCE_CONFIG: this.configurationFile,
      HOST: '127.0.0.1',
      LOG_LEVEL: 'info',
      LOG_FORMAT: 'json',
      // It reads along, and would take part of what is measured: it is measured by itself.
      LEDGER: 'off',
    };
  }

  /** Makes topics, tables and configuration. */
  static async create(
    stack: BenchServers,
    name: string,
    profileDirectory: string | null,
    configuration = PUSHED,
  ): Promise<Installation> {
    const server = new pg.Client({ connectionString: stack.databaseUrl });
    await server.connect();
    await server.query(`CREATE DATABASE ${name}`).finally(() => server.end());
    const installation = new Installation(stack, name, profileDirectory);
    await migrate(installation.databaseUrl);
    await setUpTopics({
      kafka: installation.kafka,
      logger: SILENT,
      topicPrefix: `${name}.`,
      replication: 1,
      maxPartitions: PARTITIONS,
    });
    writeFileSync(
      installation.configurationFile,
      JSON.stringify({ identityNamespace: randomUUID(), ...configuration }),
    );
    return installation;
  }

  get databaseUrl(): string {
    return this.environment.DATABASE_URL ?? '';
  }

  get kafka(): KafkaSettings {
    return { brokers: this.stack.brokers.split(','), clientId: 'quittance-bench' };
  }

  /** Full name of a topic. */
  topic(name: TopicName): string {
    return topicNames(`${this.name}.`)[name];
  }

  /** Where the broker keeps its topics. */
  get logDirectory(): string {
    return join(this.stack.directory, 'kafka', 'logs');
  }

  /** How many records were ever written to a topic. */
  async count(name: TopicName): Promise<number> {
    let sum = 0n;
    for (const { high } of (await topicOffsets(this.kafka, this.topic(name))).values()) sum += high;
    return Number(sum);
  }

  /** Starts an app, and waits until it is ready. */
  async start(
    name: 'ingress' | 'normaliser' | 'projector',
    environment: Readonly<Record<string, string>> = {},
  ): Promise<RunningApp> {
    const app = await this.launch(name, environment);
    const deadline = Date.now() + READY_WITHIN;
    while (!(await isReady(app.managementPort))) {
      if (Date.now() > deadline) throw new Error(`${name} was not ready in time:\n${logTail(app.logFile)}`);
      await delay(20);
    }
    return app;
  }

  /**
   * Starts an app. It may not be ready yet, and may do its first work before anybody could see that it is.
   * @param flags of Node, beside those of production
   */
  async launch(
    name: 'ingress' | 'normaliser' | 'projector',
    environment: Readonly<Record<string, string>> = {},
    flags: readonly string[] = [],
  ): Promise<RunningApp & { readonly logFile: string }> {
    const [port, managementPort] = [await anyFreePort(), await anyFreePort()];
    const logFile = join(this.stack.directory, `${this.name}-${name}.log`);
    const profiler =
      this.profileDirectory === null
        ? []
        : ['--cpu-prof', `--cpu-prof-dir=${this.profileDirectory}`, `--cpu-prof-name=${this.name}-${name}.cpuprofile`];
    const app = await startProcess({
      name,
      command: process.execPath,
      args: [...profiler, ...NODE_FLAGS, ...flags, join(REPOSITORY, 'dist', 'apps', name, 'src', 'main.js')],
      logFile,
      cwd: REPOSITORY,
      env: {
        PATH: process.env.PATH,
        ...this.environment,
        ...environment,
        PORT: String(port),
        MANAGEMENT_PORT: String(managementPort),
      },
    });
    this.stack.register(name, app.pid);
    return {
      pid: app.pid,
      port,
      managementPort,
      logFile,
      stop: async () => {
        const early = app.exit();
        if (early !== null) throw new Error(`${name} ended with ${describeExit(early)}:\n${logTail(logFile)}`);
        await app.stop('SIGTERM', 20_000);
        this.stack.forget(app.pid);
      },
      kill: async () => {
        await app.stop('SIGKILL');
        this.stack.forget(app.pid);
      },
    };
  }

  async close(): Promise<void> {
    await this.pool.end();
  }
}

function isReady(managementPort: number): Promise<boolean> {
  return fetch(`http://127.0.0.1:${managementPort}/health/ready`).then(
    ({ ok }) => ok,
    () => false,
  );
}

function ignore(): void {
  // What the clients of the benchmark itself have to say is nobody's line.
}
