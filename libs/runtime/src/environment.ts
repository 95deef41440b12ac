import { plainToInstance } from 'class-transformer';
import { IsIn, IsString, Matches, Max, Min, validateSync } from 'class-validator';
import 'reflect-metadata';
import { TOPICS } from '#contracts';
import { ConnectionVariables } from './connection-variables.js';
import { databaseAddress, databaseMistakes } from './database-address.js';
import { DURATION_ADVICE, parseDuration } from './duration.js';
import { APPS, described, Read, Variable } from './environment-variable.js';
import type { VariableDescription } from './environment-variable.js';
import { kafkaMistakes, kafkaSecurity } from './kafka-security.js';
import { EnvironmentError } from './mistakes.js';
import type { Environment, EnvironmentOf, LogLevel, Role } from './environment-shape.js';
import type { Mistake } from './mistakes.js';

/** Every variable, in the order of `.env.example`. */
export const VARIABLES: readonly VariableDescription[] = described;

const integer = (text: string): number | undefined => (/^\d{1,15}$/.test(text) ? Number(text) : undefined);
const share = (text: string): number | undefined => (/^\d(?:\.\d{1,9})?$/.test(text) ? Number(text) : undefined);

/** A row must outlive the dead letters: one that is sent in again must find what it belongs to. ms */
const DEAD_LETTERS_STAY = TOPICS.find(({ name }) => name === 'dead-letters.v1')!.retention as number;
const DAYS = DEAD_LETTERS_STAY / 86_400_000;
const RETENTION_ADVICE = `must be longer than dead letters stay (${DAYS}d), such as 180d; or forever`;
const readRetention = (text: string): number | null => (text === 'forever' ? Infinity : parseDuration(text));

const SHORTEST_INTERVAL = 100;
const INTERVAL_ADVICE = 'must be at least 100ms, such as 30s; or never';
const readInterval = (text: string): number | null => (text === 'never' ? Infinity : parseDuration(text));

const COLLECTOR = /^https?:\/\/[^\s?#@]+$/;
const ENDPOINT = /^https?:\/\/[^\s/?#@]+\/?$/;
const ENDPOINT_ADVICE = 'must be https://host or http://host:port, without a path';
const PORT_ADVICE = 'must be a port: a whole number from 0 to 65535';
const SHARE_ADVICE = 'must be a share from 0 to 1, such as 0.001';
const LOG_LEVELS: readonly LogLevel[] = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'];

/** The variables by their own names, texts made values. */
class Variables extends ConnectionVariables {
  @Variable('What the name of every topic starts with.', { default: 'quittance.' })
  @Matches(/^[A-Za-z0-9._-]{1,150}$/, { message: 'must be 1 to 150 letters, digits, dots, dashes or underscores' })
  TOPIC_PREFIX!: string;

  @Variable('Path of the configuration: accounts and sources.', {
    roles: ['ingress', 'normaliser', 'tool'],
    default: 'quittance.yaml',
  })
  @IsString()
  QUITTANCE_CONFIG!: string;

  @Variable('Address that the ports below are opened on.', { roles: APPS, default: '0.0.0.0' })
  @Matches(/^\S+$/, { message: 'must be an address or a host name' })
  HOST!: string;

  @Variable('Port of the public door, where providers push. 0: any free one.', { roles: ['ingress'], default: '8080' })
  @Read(integer)
  @Max(65535, { message: PORT_ADVICE })
  PORT!: number;

  @Variable('TLS at the public door: path of the certificate chain (PEM).', {
    roles: ['ingress'],
    unset: 'plain HTTP, TLS ends in front of it',
    see: 'tls.md',
  })
  @IsString()
  TLS_CERT_FILE?: string;

  @Variable('TLS at the public door: path of the private key (PEM). Together with `TLS_CERT_FILE`.', {
    roles: ['ingress'],
  })
  @IsString()
  TLS_KEY_FILE?: string;

  @Variable(
    'Address that the port of health, readiness and metrics is opened on, where it is not to be the public one.',
    { roles: APPS, unset: '`HOST`' },
  )
  @Matches(/^\S+$/, { message: 'must be an address or a host name' })
  MANAGEMENT_HOST?: string;

  @Variable('Port of health, readiness and metrics; never publish it. 0: any free one.', {
    roles: APPS,
    default: '9100',
  })
  @Read(integer)
  @Max(65535, { message: PORT_ADVICE })
  MANAGEMENT_PORT!: number;

  @Variable(`How much is logged: ${LOG_LEVELS.join(', ')}.`, { default: 'info', see: 'logging.md' })
  @IsIn(LOG_LEVELS, { message: `must be one of ${LOG_LEVELS.join(', ')}` })
  LOG_LEVEL!: LogLevel;

  @Variable('`json` or `pretty`.', { unset: 'pretty on a terminal, else json' })
  @IsIn(['json', 'pretty'], { message: 'must be json or pretty' })
  LOG_FORMAT?: 'json' | 'pretty';

  @Variable('Share of the pushes that succeeded of which the ingress writes a line, 0 to 1; at most ten a second.', {
    roles: ['ingress'],
    default: '0.001',
    unit: 'share',
    see: 'logging.md',
  })
  @Read(share)
  @Max(1, { message: SHARE_ADVICE })
  LOG_SAMPLE!: number;

  @Variable('Traces: OpenTelemetry collector that takes OTLP over HTTP, as `http://collector:4318`.', {
    roles: APPS,
    unset: 'nothing is traced',
    see: 'tracing.md',
  })
  @Matches(COLLECTOR, { message: 'must look like http://collector:4318' })
  OTEL_EXPORTER_OTLP_ENDPOINT?: string;

  @Variable('Traces: share of the receipts that are traced, 0 to 1.', {
    roles: APPS,
    default: '0.01',
    unit: 'share',
    see: 'tracing.md',
  })
  @Read(share)
  @Max(1, { message: SHARE_ADVICE })
  OTEL_TRACES_SAMPLER_ARG!: number;

  @Variable('Time that a stopping process has to finish what it began; then it exits with 1.', {
    roles: APPS,
    default: '10s',
    unit: 'duration',
  })
  @Read(parseDuration)
  @Min(1, { message: DURATION_ADVICE })
  SHUTDOWN_GRACE!: number;

  @Variable('Topic set-up: no topic gets more partitions than this.', {
    roles: ['topics', 'tool'],
    unset: 'as the topics are defined',
    unit: 'partitions',
    see: 'contracts/topics.md',
  })
  @Read(integer)
  @Min(1, { message: 'must be a whole number from 1' })
  TOPIC_PARTITIONS?: number;

  @Variable('Topic set-up: copies of every partition. 1 on a single broker.', {
    roles: ['topics', 'tool'],
    default: '3',
    unit: 'copies',
  })
  @Read(integer)
  @Min(1, { message: 'must be a whole number from 1 to 100' })
  @Max(100, { message: 'must be a whole number from 1 to 100' })
  TOPIC_REPLICATION!: number;

  @Variable(
    'Connections that the public door keeps open at once; one address gets at most three quarters of them, `trustedProxies` all.',
    { roles: ['ingress'], default: '4096', unit: 'connections', see: 'security.md#bounds' },
  )
  @Read(integer)
  @Min(1, { message: 'must be a whole number from 1' })
  INGRESS_CONNECTIONS!: number;

  @Variable('Receipts that may wait for Kafka at once; the next one is answered 503.', {
    roles: ['ingress'],
    default: '20000',
    unit: 'receipts',
  })
  @Read(integer)
  @Min(1, { message: 'must be a whole number from 1' })
  INGRESS_QUEUE_RECORDS!: number;

  @Variable(
    'Bytes of pushed receipts that may be read or wait for Kafka at once (64 MiB), at least 1 MiB; one source gets at most three quarters.',
    { roles: ['ingress'], default: '67108864', unit: 'bytes', see: 'security.md#bounds' },
  )
  @Read(integer)
  @Min(1_048_576, { message: 'must be a whole number of bytes, at least 1048576' })
  INGRESS_QUEUE_BYTES!: number;

  @Variable('Folder on a lasting disk for receipts that Kafka does not take in time; several processes may share it.', {
    roles: ['ingress'],
    unset: 'no spool',
    see: 'spool.md',
  })
  @IsString()
  SPOOL_DIRECTORY?: string;

  @Variable('Bytes that the spool of a process may grow to (1 GiB); at least 16 MiB.', {
    roles: ['ingress'],
    default: '1073741824',
    unit: 'bytes',
  })
  @Read(integer)
  @Min(16_777_216, { message: 'must be a whole number of bytes, at least 16777216' })
  SPOOL_BYTES!: number;

  @Variable("MNS queues: address for sources that name none, such as a simulator's.", {
    roles: ['ingress', 'tool'],
    unset: "the region's",
  })
  @Matches(ENDPOINT, { message: ENDPOINT_ADVICE })
  MNS_QUEUE_ENDPOINT?: string;

  @Variable("MNS tokens: address for sources that name none, such as a simulator's.", {
    roles: ['ingress', 'tool'],
    unset: "the region's",
  })
  @Matches(ENDPOINT, { message: ENDPOINT_ADVICE })
  MNS_TOKEN_ENDPOINT?: string;

  @Variable(`How long messages stay in the database after they were last written, more than ${DAYS}d, or forever.`, {
    roles: ['projector'],
    default: '180d',
    unit: 'duration',
    see: 'storage.md#retention',
  })
  @Read(readRetention)
  @Min(DEAD_LETTERS_STAY + 1, { message: RETENTION_ADVICE })
  RETENTION_MESSAGES!: number;

  @Variable('The same for what people sent.', { roles: ['projector'], default: '180d', unit: 'duration' })
  @Read(readRetention)
  @Min(DEAD_LETTERS_STAY + 1, { message: RETENTION_ADVICE })
  RETENTION_MOBILE_ORIGINATED!: number;

  @Variable('The same for reviews of templates and sender names.', {
    roles: ['projector'],
    default: 'forever',
    unit: 'duration',
  })
  @Read(readRetention)
  @Min(DEAD_LETTERS_STAY + 1, { message: RETENTION_ADVICE })
  RETENTION_REVIEWS!: number;

  @Variable('The same for accounts, numbers and consent.', {
    roles: ['projector'],
    default: 'forever',
    unit: 'duration',
  })
  @Read(readRetention)
  @Min(DEAD_LETTERS_STAY + 1, { message: RETENTION_ADVICE })
  RETENTION_ACCOUNTS!: number;

  @Variable('The same for the loss ledger.', {
    roles: ['projector'],
    default: '90d',
    unit: 'duration',
    see: 'ledger.md',
  })
  @Read(readRetention)
  @Min(DEAD_LETTERS_STAY + 1, { message: RETENTION_ADVICE })
  RETENTION_LEDGER!: number;

  @Variable('Whether this projector keeps the loss ledger too: `on`, or `off` to leave it to others.', {
    roles: ['projector'],
    default: 'on',
    see: 'ledger.md',
  })
  @IsIn(['on', 'off'], { message: 'must be on or off' })
  LEDGER!: 'on' | 'off';

  @Variable('How often it is looked for submitted messages without a final report in time, at least 100ms, or never.', {
    roles: ['projector'],
    default: '30s',
    unit: 'duration',
    see: 'submissions.md#when-no-report-comes',
  })
  @Read(readInterval)
  @Min(SHORTEST_INTERVAL, { message: INTERVAL_ADVICE })
  REPORT_TIMEOUT_INTERVAL!: number;

  @Variable(
    '`installation` of quittance.yaml, for events that the projector adds. Set it where there may be days without any event.',
    { roles: ['projector'], unset: 'as the newest event says' },
  )
  @Matches(/^[a-z0-9][a-z0-9-]{0,62}$/, { message: 'must be up to 63 small letters, digits or dashes' })
  INSTALLATION?: string;

  @Variable(
    'Secret that erased persons are known by (openssl rand -base64 32). Needed once somebody was erased; for ever.',
    { roles: ['projector', 'tool'], see: 'erasure.md#the-key' },
  )
  @Matches(/^[A-Za-z0-9+/_=-]{43,200}$/, { message: 'must be 32 or more random bytes, as Base64 or hexadecimal' })
  ERASURE_KEY?: string;
}

/** Variables of which the first means nothing without the second. */
const TOGETHER = [
  ['TLS_CERT_FILE', 'TLS_KEY_FILE'],
  ['TLS_KEY_FILE', 'TLS_CERT_FILE'],
  ['KAFKA_CERT_FILE', 'KAFKA_KEY_FILE'],
  ['KAFKA_KEY_FILE', 'KAFKA_CERT_FILE'],
] as const;

/**
 * Reads and checks the environment variables of a role. The only place that looks at `process.env`. An empty variable
 * counts as unset.
 * @throws EnvironmentError with every mistake at once
 */
export function readEnvironment<R extends Role>(
  role: R,
  env: Readonly<Record<string, string | undefined>> = process.env,
): EnvironmentOf<R> {
  const texts: Record<string, string> = {};
  const mistakes: Mistake[] = [];
  for (const { name, about, roles, requiredBy, default: fallback } of VARIABLES) {
    const text = roles.includes(role) ? env[name]?.trim() : undefined;
    if (text !== undefined && text !== '') texts[name] = text;
    else if (requiredBy.includes(role)) mistakes.push({ path: name, message: `is not set. ${about}` });
    else if (fallback !== null) texts[name] = fallback;
  }
  const variables = plainToInstance(Variables, texts);
  const given = validateSync(variables).filter(({ property }) => Object.hasOwn(texts, property));
  for (const { property, constraints } of given) {
    const [message = 'cannot be read'] = Object.values(constraints ?? {});
    mistakes.push({ path: property, message });
  }
  for (const [one, other] of TOGETHER) {
    if (texts[one] !== undefined && texts[other] === undefined) {
      mistakes.push({ path: other, message: `is not set, and ${one} is: they come together` });
    }
  }
  mistakes.push(...kafkaMistakes(variables), ...databaseMistakes(variables));
  if (mistakes.length > 0) throw new EnvironmentError(mistakes);
  return environmentOf(role, variables) as EnvironmentOf<R>;
}

/** The variables themselves, for `${NAME}` in the configuration. */
export function processEnvironment(): Readonly<Record<string, string | undefined>> {
  return process.env;
}

function environmentOf(role: Role, variables: Variables): Environment {
  const clientId = variables.KAFKA_CLIENT_ID ?? `quittance-${role}`;
  return {
    kafka: { brokers: variables.KAFKA_BROKERS ?? [], clientId, ...kafkaSecurity(variables) },
    clientId,
    topicPrefix: variables.TOPIC_PREFIX,
    configurationFile: variables.QUITTANCE_CONFIG,
    host: variables.HOST,
    port: variables.PORT,
    tls:
      variables.TLS_CERT_FILE === undefined || variables.TLS_KEY_FILE === undefined
        ? null
        : { certificate: variables.TLS_CERT_FILE, key: variables.TLS_KEY_FILE },
    managementHost: variables.MANAGEMENT_HOST ?? variables.HOST,
    managementPort: variables.MANAGEMENT_PORT,
    databaseUrl: databaseAddress(variables),
    logLevel: variables.LOG_LEVEL,
    logFormat: variables.LOG_FORMAT ?? null,
    logSample: variables.LOG_SAMPLE,
    tracing:
      variables.OTEL_EXPORTER_OTLP_ENDPOINT === undefined
        ? null
        : { endpoint: variables.OTEL_EXPORTER_OTLP_ENDPOINT, share: variables.OTEL_TRACES_SAMPLER_ARG },
    shutdownGrace: variables.SHUTDOWN_GRACE,
    topicPartitions: variables.TOPIC_PARTITIONS ?? null,
    topicReplication: variables.TOPIC_REPLICATION,
    connections: variables.INGRESS_CONNECTIONS,
    queueRecords: variables.INGRESS_QUEUE_RECORDS,
    queueBytes: variables.INGRESS_QUEUE_BYTES,
    spoolDirectory: variables.SPOOL_DIRECTORY ?? null,
    spoolBytes: variables.SPOOL_BYTES,
    mnsQueueEndpoint: variables.MNS_QUEUE_ENDPOINT?.replace(/\/$/, '') ?? null,
    mnsTokenEndpoint: variables.MNS_TOKEN_ENDPOINT?.replace(/\/$/, '') ?? null,
    retention: {
      messages: variables.RETENTION_MESSAGES,
      mobileOriginated: variables.RETENTION_MOBILE_ORIGINATED,
      reviews: variables.RETENTION_REVIEWS,
      accounts: variables.RETENTION_ACCOUNTS,
      ledger: variables.RETENTION_LEDGER,
    },
    ledger: variables.LEDGER === 'on',
    reportTimeoutInterval: variables.REPORT_TIMEOUT_INTERVAL,
    installation: variables.INSTALLATION ?? null,
    erasureKey: variables.ERASURE_KEY ?? null,
  };
}
