import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startKafka, type KafkaBroker } from '../../dev/kafka-broker.js';
import { removePostgresFiles } from '../../dev/postgres-files.js';
import { startPostgres, type PostgresServer } from '../../dev/postgres-server.js';
import { TcpLine } from './tcp-line.js';

/** Disks of a size of their own, MiB; what is not named lies on the machine's disk. */
export interface SmallDisks {
  readonly kafka?: number;
  readonly postgres?: number;
}

/** A Kafka and a Postgres that may be broken, each behind a line that may be broken too. */
export class Servers {
  readonly #directory: string;
  readonly #mounts: readonly string[];
  readonly kafkaLine: TcpLine;
  readonly postgresLine: TcpLine;
  kafka!: KafkaBroker;
  postgres!: PostgresServer;

  private constructor(directory: string, mounts: readonly string[], kafkaLine: TcpLine, postgresLine: TcpLine) {
    this.#directory = directory;
    this.#mounts = mounts;
    this.kafkaLine = kafkaLine;
    this.postgresLine = postgresLine;
  }

  /** Starts both. Small disks need a machine on which this process may mount. */
  static async start(disks: SmallDisks = {}): Promise<Servers> {
    const directory = mkdtempSync(join(tmpdir(), 'quittance-faults-'));
    // Postgres may have to run as another user, who must get to its data.
    chmodSync(directory, 0o755);
    const mounts = Object.entries(disks).map(([name, size]) => mountDisk(join(directory, name), Number(size)));
    const kafkaLine: TcpLine = await TcpLine.open(() => [servers.kafka.port]);
    const postgresLine: TcpLine = await TcpLine.open(() => [servers.postgres.port]);
    const servers = new Servers(directory, mounts, kafkaLine, postgresLine);
    await Promise.all([servers.startKafka(), servers.startPostgres()]);
    return servers;
  }

  /** Whether disks of a size of their own can be had here. */
  static canMount(): boolean {
    const directory = mkdtempSync(join(tmpdir(), 'quittance-faults-'));
    try {
      mountDisk(directory, 1);
      execFileSync('umount', [directory], { stdio: 'ignore' });
      return true;
    } catch {
      return false;
    } finally {
      rmSync(directory, { recursive: true, force: true });
    }
  }

  /** By the line. */
  get brokers(): string {
    return `127.0.0.1:${this.kafkaLine.port}`;
  }

  /** By the line. */
  get databaseUrl(): string {
    const url = new URL(this.postgres.databaseUrl);
    url.port = String(this.postgresLine.port);
    return url.href;
  }

  /** Starts the broker, again where it ran before. */
  async startKafka(): Promise<void> {
    const again = (this.kafka as KafkaBroker | undefined)?.port;
    this.kafka = await startKafka({
      dataDirectory: join(this.#directory, 'kafka', 'data'),
      advertisedPort: this.kafkaLine.port,
      ...(again === undefined ? {} : { port: again }),
    });
  }

  /** Starts the database, again where it ran before. */
  async startPostgres(): Promise<void> {
    const again = (this.postgres as PostgresServer | undefined)?.port;
    this.postgres = await startPostgres({
      dataDirectory: join(this.#directory, 'postgres', 'data'),
      ...(again === undefined ? {} : { port: again }),
    });
  }

  /** Signals every process of the database: each of them leads a group of its own. */
  signalPostgres(signal: NodeJS.Signals): void {
    for (const pid of [this.postgres.pid, ...childrenOf(this.postgres.pid)]) process.kill(pid, signal);
  }

  /** Fills the disk of a server to the last byte; the answer frees it again. */
  fillDisk(name: keyof SmallDisks): Promise<() => Promise<void>> {
    return fillDisk(join(this.#directory, name));
  }

  async stop(): Promise<void> {
    await Promise.all([this.kafkaLine.close(), this.postgresLine.close()]);
    await Promise.all([this.kafka.stop(), this.postgres.stop()]);
    removePostgresFiles(join(this.#directory, 'postgres', 'data'));
    for (const mount of this.#mounts) execFileSync('umount', ['--lazy', mount], { stdio: 'ignore' });
    rmSync(this.#directory, { recursive: true, force: true });
  }
}

/** Mounts an empty disk of so many MiB on a folder, and names the folder. */
export function mountDisk(folder: string, size: number): string {
  mkdirSync(folder, { recursive: true });
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${size}m,mode=755`, 'tmpfs', folder], { stdio: 'ignore' });
  return folder;
}

/** Fills a disk to the last byte; the answer frees it again. */
export async function fillDisk(folder: string): Promise<() => Promise<void>> {
  const path = join(folder, 'ballast');
  const ballast = await open(path, 'w');
  for (const size of [1 << 20, 1 << 12]) {
    try {
      for (;;) await ballast.write(Buffer.alloc(size));
    } catch {
      // Full, at least for pieces of this size.
    }
  }
  await ballast.close();
  return () => rm(path);
}

/** Linux: field 4 of /proc/<pid>/stat is the parent (proc(5)); the name before it is in brackets. */
function childrenOf(parent: number): number[] {
  return readdirSync('/proc').flatMap((name) => {
    if (!/^\d+$/.test(name)) return [];
    try {
      const stat = readFileSync(`/proc/${name}/stat`, 'utf8');
      return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]) === parent ? [Number(name)] : [];
    } catch {
      return [];
    }
  });
}
