import { chmodSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startKafka, type KafkaBroker } from '../../dev/kafka-broker.js';
import { removePostgresFiles } from '../../dev/postgres-files.js';
import { startPostgres, type PostgresServer } from '../../dev/postgres-server.js';
import { mountSmallDisk, type SmallDisk } from '../system/small-disk.js';
import { TcpLine } from './tcp-line.js';

type DiskName = 'kafka' | 'postgres' | 'spool';

/** Disks of a size of their own, MiB; what is not named lies on the machine's disk. */
export type SmallDisks = Readonly<Partial<Record<DiskName, number>>>;

/** A Kafka and a Postgres that may be broken, each behind a line that may be broken too. */
export class Servers {
  readonly #directory: string;
  readonly #disks: ReadonlyMap<DiskName, SmallDisk>;
  readonly kafkaLine: TcpLine;
  readonly postgresLine: TcpLine;
  kafka!: KafkaBroker;
  postgres!: PostgresServer;

  private constructor(
    directory: string,
    disks: ReadonlyMap<DiskName, SmallDisk>,
    kafkaLine: TcpLine,
    postgresLine: TcpLine,
  ) {
    this.#directory = directory;
    this.#disks = disks;
    this.kafkaLine = kafkaLine;
    this.postgresLine = postgresLine;
  }

  /** Starts both. Small disks need a machine on which this process may mount. */
  static async start(disks: SmallDisks = {}): Promise<Servers> {
    const directory = mkdtempSync(join(tmpdir(), 'quittance-faults-'));
    // Postgres may have to run as another user, who must get to its data.
    chmodSync(directory, 0o755);
    const mounted = new Map<DiskName, SmallDisk>();
    for (const [name, mebibytes] of Object.entries(disks) as [DiskName, number][]) {
      const disk = mountSmallDisk(mebibytes);
      if (disk === null) throw new Error('no small disk can be mounted here');
      mounted.set(name, disk);
    }
    const kafkaLine: TcpLine = await TcpLine.open(() => [servers.kafka.port]);
    const postgresLine: TcpLine = await TcpLine.open(() => [servers.postgres.port]);
    const servers = new Servers(directory, mounted, kafkaLine, postgresLine);
    await Promise.all([servers.startKafka(), servers.startPostgres()]);
    return servers;
  }

  /** Whether disks of a size of their own can be had here. */
  static canMount(): boolean {
    const disk = mountSmallDisk(1);
    disk?.remove();
    return disk !== null;
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
      dataDirectory: this.#data('kafka'),
      advertisedPort: this.kafkaLine.port,
      ...(again === undefined ? {} : { port: again }),
    });
  }

  /** The cluster is gone with all that it held; another one, empty, is where it was. */
  async loseKafka(): Promise<void> {
    await this.kafka.kill();
    rmSync(this.#data('kafka'), { recursive: true, force: true });
    await this.startKafka();
  }

  /** Starts the database, again where it ran before. */
  async startPostgres(): Promise<void> {
    const again = (this.postgres as PostgresServer | undefined)?.port;
    this.postgres = await startPostgres({
      dataDirectory: this.#data('postgres'),
      ...(again === undefined ? {} : { port: again }),
    });
  }

  /** Signals every process of the database: each of them leads a group of its own. */
  signalPostgres(signal: NodeJS.Signals): void {
    for (const pid of [this.postgres.pid, ...childrenOf(this.postgres.pid)]) process.kill(pid, signal);
  }

  /** A folder for the spools of an installation, on the disk of that name if there is one. */
  spoolDirectory(scratch: string): string {
    const folder = join(this.#disks.get('spool')?.path ?? scratch, 'spool');
    mkdirSync(folder, { recursive: true });
    return folder;
  }

  /** Fills a disk to the last byte; the answer frees it again. */
  async fillDisk(name: DiskName): Promise<() => Promise<void>> {
    const disk = this.#disks.get(name);
    if (disk === undefined) throw new Error(`${name} has no disk of its own`);
    return disk.fill();
  }

  async stop(): Promise<void> {
    await Promise.all([this.kafkaLine.close(), this.postgresLine.close()]);
    await Promise.all([this.kafka.stop(), this.postgres.stop()]);
    removePostgresFiles(this.#data('postgres'));
    for (const disk of this.#disks.values()) disk.remove();
    rmSync(this.#directory, { recursive: true, force: true });
  }

  #data(name: DiskName): string {
    return join(this.#disks.get(name)?.path ?? this.#directory, name);
  }
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
