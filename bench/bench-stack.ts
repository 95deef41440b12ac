import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startKafka } from '../dev/kafka-broker.js';
import { DEV_DIRECTORY } from '../dev/places.js';
import { removePostgresFiles } from '../dev/postgres-files.js';
import { startPostgres, type PostgresServer } from '../dev/postgres-server.js';
import { isAlive, ProcessRegistry, stopLeftovers } from '../dev/process-registry.js';
import { Refusal } from '../dev/refusal.js';

const REGISTRY_FILE = join(DEV_DIRECTORY, 'bench.json');
/** Name under which a benchmark stands in its own registry. */
const SELF = 'bench';

/** What a measurement needs of the servers that it runs on, whoever started them. */
export type BenchServers = Pick<BenchStack, 'directory' | 'brokers' | 'databaseUrl' | 'register' | 'forget'>;

/** Kafka and Postgres of a benchmark's own: always embedded, so that nobody's data is in the way of the figures. */
export class BenchStack {
  readonly directory = mkdtempSync(join(tmpdir(), 'quittance-bench-'));
  #registry = new ProcessRegistry(REGISTRY_FILE);
  #postgres: PostgresServer | null = null;
  brokers = '';
  databaseUrl = '';
  kafkaPid = 0;
  postgresPid = 0;

  /**
   * Claims the machine and stops what a killed benchmark left behind.
   * @throws Refusal when another one runs: each would only measure the other
   */
  async claim(): Promise<void> {
    const others = this.#registry.records;
    if (others.some((record) => record.name === SELF && isAlive(record))) {
      throw new Refusal('Another benchmark is running here: wait for its end.');
    }
    await stopLeftovers(others, 2_000);
    this.#registry.clear();
    this.#registry = new ProcessRegistry(REGISTRY_FILE);
    this.register(SELF, process.pid);
  }

  /** Starts both. */
  async start(): Promise<void> {
    // Postgres may have to run as another user, who must get to its data.
    chmodSync(this.directory, 0o755);
    const [kafka] = await Promise.all([
      startKafka({ dataDirectory: join(this.directory, 'kafka'), onSpawn: this.#onSpawn('kafka') }),
      this.startPostgres(),
    ]);
    this.brokers = kafka.brokers;
    this.kafkaPid = kafka.pid;
  }

  /** Starts Postgres, and waits until it takes queries; where it ran before, if it did, and with the data of then. */
  async startPostgres(): Promise<void> {
    this.#postgres = await startPostgres({
      dataDirectory: this.#postgresDirectory,
      onSpawn: this.#onSpawn('postgres'),
      ...(this.#postgres === null ? {} : { port: this.#postgres.port }),
    });
    this.databaseUrl = this.#postgres.databaseUrl;
    this.postgresPid = this.#postgres.pid;
  }

  /** Ends Postgres with SIGKILL. */
  async killPostgres(): Promise<void> {
    await this.#postgres?.kill();
    this.forget(this.postgresPid);
  }

  /** Remembers a process that must not outlive the benchmark. */
  register(name: string, pid: number): void {
    this.#registry.add(name, pid);
  }

  /** It has ended. */
  forget(pid: number): void {
    this.#registry.remove(pid);
  }

  /** Stops everything that was registered, the last first, and removes what it left. */
  async stop(): Promise<void> {
    await stopLeftovers(this.#registry.records.filter(({ name }) => name !== SELF));
    this.#registry.clear();
    removePostgresFiles(this.#postgresDirectory);
    rmSync(this.directory, { recursive: true, force: true });
  }

  #onSpawn(name: string): (pid: number) => void {
    return (pid) => {
      this.register(name, pid);
    };
  }

  get #postgresDirectory(): string {
    return join(this.directory, 'postgres');
  }
}
