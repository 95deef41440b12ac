import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { hasDocker, startService, stopService } from './docker.js';
import { startKafka } from './kafka-broker.js';
import { findJavaTools, hasKafkaJars } from './kafka-jars.js';
import { askForCoordinator, isKafkaReachable } from './kafka-probe.js';
import { KAFKA_DATA, KAFKA_LIBRARY, KAFKA_POM, LOG_DIRECTORY, POSTGRES_DATA } from './places.js';
import { freePort } from './ports.js';
import { hasEmbeddedPostgres } from './postgres-files.js';
import { isPostgresReachable, startPostgres } from './postgres-server.js';
import type { Exit } from './processes.js';
import { Refusal } from './refusal.js';

/** Ports for people to remember; another is taken when they are not free. */
const KAFKA_PORT = 19_092;
const POSTGRES_PORT = 15_432;

/** Kafka or Postgres: ours, in Docker, or somebody else's. */
export interface StackPart {
  /** Broker list or database URL. */
  readonly address: string;
  /** How it runs; `given` when an environment variable names it. */
  readonly mode: 'embedded' | 'docker' | 'given';
  /** Only of an embedded part. */
  readonly process: { readonly pid: number; readonly logFile: string; readonly exited: Promise<Exit> } | null;
  /** Stops what was started; nothing for a given part. */
  stop(): Promise<void>;
}

/** What the apps stand on. */
export interface Stack {
  readonly kafka: StackPart;
  readonly postgres: StackPart;
}

/** How a stack is brought up. */
export interface StackOptions {
  /** Where `KAFKA_BROKERS` and `DATABASE_URL` are looked up. */
  readonly environment: NodeJS.ProcessEnv;
  /** Told the pid of each process as soon as it is there. */
  readonly onSpawn: (name: string, pid: number) => void;
  /** Told, for people, what takes long. */
  readonly say: (text: string) => void;
}

/**
 * Brings up Kafka and Postgres: what the environment names, else embedded ones, else Docker's.
 * When one of them fails the other is stopped again.
 * @throws Refusal when the machine lacks what is needed or a given address does not answer
 */
export async function startStack(options: StackOptions): Promise<Stack> {
  const [kafka, postgres] = await Promise.allSettled([bringUpKafka(options), bringUpPostgres(options)]);
  if (kafka.status === 'fulfilled' && postgres.status === 'fulfilled') {
    return { kafka: kafka.value, postgres: postgres.value };
  }
  for (const part of [kafka, postgres]) if (part.status === 'fulfilled') await part.value.stop();
  throw kafka.status === 'rejected' ? kafka.reason : (postgres as PromiseRejectedResult).reason;
}

async function bringUpKafka({ environment, onSpawn, say }: StackOptions): Promise<StackPart> {
  const given = environment.KAFKA_BROKERS;
  if (given !== undefined && given !== '') {
    if (await isKafkaReachable(given)) return givenPart(given);
    throw new Refusal(
      `No Kafka answers at KAFKA_BROKERS=${given}: start it, correct the address, or unset it for a broker of our own.`,
    );
  }
  const tools = await findJavaTools();
  const hasJars = hasKafkaJars(KAFKA_POM, KAFKA_LIBRARY);
  if (tools.java && (tools.maven || hasJars)) {
    if (!hasJars) say('fetching Kafka with Maven (54 MB, once)');
    const port = await freePort(KAFKA_PORT);
    const logFile = join(LOG_DIRECTORY, 'kafka.log');
    const tell = (pid: number): void => {
      onSpawn('kafka', pid);
    };
    const broker = await startKafka({ dataDirectory: KAFKA_DATA, port, logFile, onSpawn: tell });
    return { address: broker.brokers, mode: 'embedded', process: broker, stop: () => broker.stop() };
  }
  if (!(await hasDocker())) {
    const missing = tools.java ? 'Maven' : tools.maven ? 'Java 17 or newer' : 'Java 17 or newer and Maven';
    throw new Refusal(
      `Kafka cannot be started: ${missing} not found, and no running Docker with its compose plugin either.\n` +
        'Install Java 17 and Maven (Debian: apt-get install default-jre-headless maven), or Docker, or set KAFKA_BROKERS.',
    );
  }
  say('starting Kafka with docker compose');
  const port = await freePort(KAFKA_PORT);
  await startService('kafka', port);
  await waitUntil('Kafka', async () => (await askForCoordinator(`127.0.0.1:${port}`)) === 0);
  return dockerPart('kafka', `127.0.0.1:${port}`);
}

async function bringUpPostgres({ environment, onSpawn, say }: StackOptions): Promise<StackPart> {
  const given = environment.DATABASE_URL;
  if (given !== undefined && given !== '') {
    if (await isPostgresReachable(given)) return givenPart(given);
    throw new Refusal(
      'No Postgres takes connections at DATABASE_URL: start it, correct the address, or unset it for a server of our own.',
    );
  }
  const port = await freePort(POSTGRES_PORT);
  if (hasEmbeddedPostgres()) {
    const logFile = join(LOG_DIRECTORY, 'postgres.log');
    const tell = (pid: number): void => {
      onSpawn('postgres', pid);
    };
    const server = await startPostgres({ dataDirectory: POSTGRES_DATA, port, logFile, onSpawn: tell });
    return { address: server.databaseUrl, mode: 'embedded', process: server, stop: () => server.stop() };
  }
  if (!(await hasDocker())) {
    throw new Refusal(
      `Postgres cannot be started: npm has none for ${process.platform}-${process.arch}, and there is no running Docker.\n` +
        'Install Docker with its compose plugin, or set DATABASE_URL to a Postgres 14 or newer.',
    );
  }
  say('starting Postgres with docker compose');
  await startService('postgres', port);
  const url = `postgresql://quittance:quittance@127.0.0.1:${port}/quittance`;
  await waitUntil('Postgres', () => isPostgresReachable(url));
  return dockerPart('postgres', url);
}

function givenPart(address: string): StackPart {
  return { address, mode: 'given', process: null, stop: () => Promise.resolve() };
}

function dockerPart(service: 'kafka' | 'postgres', address: string): StackPart {
  return { address, mode: 'docker', process: null, stop: () => stopService(service) };
}

async function waitUntil(what: string, isReady: () => Promise<boolean>, timeoutMs = 120_000): Promise<void> {
  const deadline = Date.now() + timeoutMs;
  while (!(await isReady())) {
    if (Date.now() > deadline) throw new Refusal(`${what} was not ready in time; see: docker compose logs`);
    await delay(250);
  }
}
