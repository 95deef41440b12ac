import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { fetchKafkaJars } from './kafka-jars.js';
import { askForCoordinator } from './kafka-probe.js';
import { KAFKA_LIBRARY, KAFKA_POM } from './places.js';
import { anyFreePort, freePort } from './ports.js';
import { startServer, type ServerProcess } from './server-process.js';

const run = promisify(execFile);

/** Which broker to start. */
export interface KafkaOptions {
  /** Everything that the broker keeps. With the data of an earlier run in it, the broker goes on from there. */
  readonly dataDirectory: string;
  /** Port for clients. Without it: the one it had last time if that is free, else any. A given port is not negotiable. */
  readonly port?: number;
  /** Port that clients are told to use, for a proxy in between. Default: `port`. */
  readonly advertisedPort?: number;
  /** Default: `broker.log` in the data directory. */
  readonly logFile?: string;
  /** How long the broker may take until it is ready, in ms. Default 60 s. */
  readonly timeoutMs?: number;
  /** More than the plain listener. */
  readonly additions?: BrokerAdditions;
  /** Told the pid as soon as there is one, before the broker is ready: a crash in between must not orphan it. */
  readonly onSpawn?: (pid: number) => void;
}

/** Listeners beside the plain one, and what they need. */
export interface BrokerAdditions {
  /** Such as `SASL_SSL://127.0.0.1:9093`. */
  readonly listeners: readonly string[];
  /** Lines of `server.properties`. */
  readonly properties: readonly string[];
  /** More arguments for formatting the storage, such as `--add-scram` and its value. */
  readonly format: readonly string[];
  /** More arguments for Java. */
  readonly java: readonly string[];
}

const NO_ADDITIONS: BrokerAdditions = { listeners: [], properties: [], format: [], java: [] };

/** A broker that runs. To start it again after `stop` or `kill`: `startKafka` with the same directory and port. */
export interface KafkaBroker extends ServerProcess {
  /** `127.0.0.1:port`. */
  readonly brokers: string;
  readonly port: number;
  readonly dataDirectory: string;
}

interface KnownPorts {
  readonly port: number;
  readonly controllerPort: number;
}

/**
 * Starts a real Kafka broker (KRaft, one node, loopback only) and waits until it serves topics and groups.
 * Needs Java 17; fetches the broker with Maven the first time.
 */
export async function startKafka(options: KafkaOptions): Promise<KafkaBroker> {
  const { dataDirectory } = options;
  await fetchKafkaJars(KAFKA_POM, KAFKA_LIBRARY);
  mkdirSync(dataDirectory, { recursive: true });

  const known = readKnownPorts(dataDirectory);
  const port = options.port ?? (known === null ? await anyFreePort() : await freePort(known.port));
  const controllerPort = known === null ? await anyFreePort() : await freePort(known.controllerPort);
  writeFileSync(portsFile(dataDirectory), JSON.stringify({ port, controllerPort } satisfies KnownPorts));

  const properties = join(dataDirectory, 'server.properties');
  const additions = options.additions ?? NO_ADDITIONS;
  const ports = { port, controllerPort, advertised: options.advertisedPort ?? port };
  writeFileSync(properties, serverProperties(join(dataDirectory, 'logs'), ports, additions));
  if (!existsSync(join(dataDirectory, 'logs', 'meta.properties'))) await format(properties, additions.format);

  const logFile = options.logFile ?? join(dataDirectory, 'broker.log');
  const brokers = `127.0.0.1:${port}`;
  const server = await startServer({
    name: 'Kafka',
    where: `on ${brokers}`,
    command: 'java',
    args: [
      '-Xms128m',
      '-Xmx512m',
      '-XX:+UseSerialGC',
      '-XX:TieredStopAtLevel=1',
      '-Dorg.slf4j.simpleLogger.defaultLogLevel=warn',
      ...additions.java,
      ...['-cp', join(KAFKA_LIBRARY, '*')],
      'kafka.Kafka',
      properties,
    ],
    logFile,
    isReady: async () => (await askForCoordinator(brokers)) === 0,
    timeoutMs: options.timeoutMs,
    stopSignal: 'SIGTERM',
    onSpawn: options.onSpawn,
  });
  return { ...server, brokers, port, dataDirectory };
}

async function format(properties: string, more: readonly string[]): Promise<void> {
  const clusterId = randomBytes(16).toString('base64url');
  const tool = ['-XX:TieredStopAtLevel=1', '-cp', join(KAFKA_LIBRARY, '*'), 'kafka.tools.StorageTool'];
  await run('java', [...tool, 'format', '--standalone', `--cluster-id=${clusterId}`, '--config', properties, ...more]);
}

/** One node that is broker and controller. What each setting is for: https://kafka.apache.org/documentation/#brokerconfigs */
function serverProperties(
  logDirectory: string,
  { port, controllerPort, advertised }: KnownPorts & { readonly advertised: number },
  additions: BrokerAdditions,
): string {
  const more = additions.listeners.map((listener) => `,${listener}`).join('');
  return [
    'process.roles=broker,controller',
    'node.id=1',
    `controller.quorum.bootstrap.servers=127.0.0.1:${controllerPort}`,
    `listeners=PLAINTEXT://127.0.0.1:${port},CONTROLLER://127.0.0.1:${controllerPort}${more}`,
    `advertised.listeners=PLAINTEXT://127.0.0.1:${advertised},CONTROLLER://127.0.0.1:${controllerPort}${more}`,
    'controller.listener.names=CONTROLLER',
    'inter.broker.listener.name=PLAINTEXT',
    // A properties file takes a backslash for an escape.
    `log.dirs=${logDirectory.replaceAll('\\', '/')}`,
    'auto.create.topics.enable=false',
    // Left at 3, a single broker never creates its own topics.
    'offsets.topic.replication.factor=1',
    'offsets.topic.num.partitions=4',
    'transaction.state.log.replication.factor=1',
    'transaction.state.log.min.isr=1',
    'transaction.state.log.num.partitions=4',
    'share.coordinator.state.topic.replication.factor=1',
    'share.coordinator.state.topic.min.isr=1',
    'share.coordinator.state.topic.num.partitions=4',
    'group.initial.rebalance.delay.ms=0',
    // After a SIGKILL the broker may only register again when its old session is over; the default is 9 s.
    'broker.session.timeout.ms=4000',
    'broker.heartbeat.interval.ms=1000',
    // The default of 128 MB would be most of the heap.
    'log.cleaner.dedupe.buffer.size=4194304',
    ...additions.properties,
    '',
  ].join('\n');
}

function portsFile(dataDirectory: string): string {
  return join(dataDirectory, 'ports.json');
}

function readKnownPorts(dataDirectory: string): KnownPorts | null {
  try {
    return JSON.parse(readFileSync(portsFile(dataDirectory), 'utf8')) as KnownPorts;
  } catch {
    return null;
  }
}
