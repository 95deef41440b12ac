import { chmodSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { KafkaBroker } from './kafka-broker.js';
import { startKafka } from './kafka-broker.js';
import { DEV_DIRECTORY } from './places.js';
import { removePostgresFiles } from './postgres-files.js';
import type { PostgresServer } from './postgres-server.js';
import { startPostgres } from './postgres-server.js';
import { isAlive, processStart, ProcessRegistry, stopLeftovers } from './process-registry.js';

/** Kafka and Postgres for one run of the tests, on ports that nobody else has and with data that nobody keeps. */
export interface TestStack {
  /** Comma-separated `host:port`. */
  readonly brokers: string;
  readonly databaseUrl: string;
  /** A JSON file: `brokers`, `databaseUrl`, and for what is embedded `kafka`, `postgres`: { pid, port, dataDirectory }. */
  readonly file: string;
  stop(): Promise<void>;
}

/** One file for each run that is going on; its name tells whose. */
const REGISTRIES = join(DEV_DIRECTORY, 'test');

/**
 * Starts what the environment does not name. Whatever a killed run left behind is stopped first; when one of the two
 * cannot be started, the other is stopped too.
 * @param environment `KAFKA_BROKERS` and `DATABASE_URL` are used when they are set
 */
export async function startTestStack(environment: NodeJS.ProcessEnv): Promise<TestStack> {
  await stopAbandonedRuns();
  const directory = mkdtempSync(join(tmpdir(), 'quittance-test-'));
  // Postgres may have to run as another user, who must get to its data.
  chmodSync(directory, 0o755);
  const registryFile = join(REGISTRIES, `${process.pid}-${processStart(process.pid) ?? 'unknown'}.json`);
  const registry = new ProcessRegistry(registryFile);

  const kafkaDirectory = join(directory, 'kafka');
  const postgresDirectory = join(directory, 'postgres');
  const onSpawn = (name: string) => (pid: number) => {
    registry.add(name, pid);
  };
  const givenBrokers = environment.KAFKA_BROKERS ?? '';
  const givenDatabase = environment.DATABASE_URL ?? '';
  const started = await Promise.allSettled([
    givenBrokers === '' ? startKafka({ dataDirectory: kafkaDirectory, onSpawn: onSpawn('kafka') }) : null,
    givenDatabase === '' ? startPostgres({ dataDirectory: postgresDirectory, onSpawn: onSpawn('postgres') }) : null,
  ]);

  const stop = async (): Promise<void> => {
    // By the registry: it also knows what a test killed, or what failed half way.
    await stopLeftovers(registry.records);
    registry.clear();
    removePostgresFiles(postgresDirectory);
    rmSync(directory, { recursive: true, force: true });
  };
  const failure = started.find((result) => result.status === 'rejected');
  if (failure !== undefined) {
    await stop();
    throw failure.reason;
  }
  const [kafka, postgres] = started.map((result) => (result.status === 'fulfilled' ? result.value : null)) as [
    KafkaBroker | null,
    PostgresServer | null,
  ];
  const brokers = kafka?.brokers ?? givenBrokers;
  const databaseUrl = postgres?.databaseUrl ?? givenDatabase;
  const file = join(directory, 'stack.json');
  const content = { brokers, databaseUrl, kafka: describe(kafka), postgres: describe(postgres) };
  writeFileSync(file, JSON.stringify(content, null, 2));
  return { brokers, databaseUrl, file, stop };
}

function describe(part: KafkaBroker | PostgresServer | null): object | null {
  return part === null ? null : { pid: part.pid, port: part.port, dataDirectory: part.dataDirectory };
}

/** Runs whose process is gone without having cleaned up. */
async function stopAbandonedRuns(): Promise<void> {
  for (const name of registryNames()) {
    const owner = /^(\d+)-(\w+)\.json$/.exec(name);
    if (owner === null) continue;
    if (isAlive({ name: 'tests', pid: Number(owner[1]), startedAt: owner[2] ?? '' })) continue;
    const registry = new ProcessRegistry(join(REGISTRIES, name));
    await stopLeftovers(registry.records, 2_000);
    registry.clear();
  }
}

function registryNames(): string[] {
  try {
    return readdirSync(REGISTRIES);
  } catch {
    return [];
  }
}
