import { randomBytes, randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { topicNames, type TopicName } from '#contracts';
import { headerText, readTopic, setUpTopics, type IncomingRecord } from '#kafka';
import type { AppName } from '../../dev/apps.js';
import { startApp, untilReady, type AppProcess } from './app-process.js';
import { ignore, silentLogger } from './silent-logger.js';
import { until } from './until.js';

/** The token of every source of a test installation. */
export const TOKEN = 'token-of-the-tests-0001';

/** Receipts of a test installation by the id of their source, unless a test says otherwise. */
const RECEIPTS = {
  'sms-report': 'SmsReport',
  'sms-up': 'SmsUp',
  'sign-report': 'SignSmsReport',
  'template-report': 'TemplateSmsReport',
};

function configurationOf(deadline: string) {
  const http = { tokens: [TOKEN], deadline };
  return {
    accounts: { main: { provider: 'alibaba', labels: { unit: 'retail' } } },
    sources: Object.entries(RECEIPTS).map(([id, receipt]) => ({ id, account: 'main', receipt, http })),
  };
}

/** Servers other than those of the test run, or another configuration. */
export interface InstallationOptions {
  readonly brokers?: string;
  readonly databaseServer?: string;
  /** Accounts and sources as in `quittance.yaml`. */
  readonly configuration?: { readonly accounts: object; readonly sources: readonly object[] };
  /** Of the sources, where no configuration is given. Default: long, so that a busy machine answers 200 as well. */
  readonly deadline?: string;
  /** More for the environment of its processes; it beats what they would be told otherwise. */
  readonly environment?: Readonly<Record<string, string>>;
}

/** A whole Quittance with topics, consumer groups and a database of its own, so that tests do not see each other. */
export class Installation {
  readonly #brokers: string;
  readonly #databaseUrl: string;
  readonly #directory = mkdtempSync(join(tmpdir(), 'quittance-installation-'));
  readonly #name = `t${randomBytes(6).toString('hex')}`;
  readonly #apps: AppProcess[] = [];
  #started = 0;
  readonly #pool: pg.Pool;
  readonly #environment: Readonly<Record<string, string>>;

  private constructor(brokers: string, serverUrl: string, environment: Readonly<Record<string, string>>) {
    this.#brokers = brokers;
    const url = new URL(serverUrl);
    url.pathname = `/${this.#name}`;
    this.#databaseUrl = url.href;
    this.#pool = new pg.Pool({ connectionString: this.#databaseUrl, max: 2 });
    // The database is dropped at the end, perhaps before the server has noticed that nobody is there any more.
    this.#pool.on('error', ignore);
    this.#environment = {
      KAFKA_BROKERS: brokers,
      DATABASE_URL: this.#databaseUrl,
      TOPIC_PREFIX: `${this.#name}.`,
      QUITTANCE_CONFIG: join(this.#directory, 'quittance.yaml'),
      IDENTITY_NAMESPACE: randomUUID(),
      SHUTDOWN_GRACE: '20s',
      ...environment,
    };
  }

  /** Makes topics, tables and configuration. Apps are started one by one, or all by `startAll`. */
  static async create({
    brokers = process.env.TEST_KAFKA_BROKERS!,
    databaseServer = process.env.TEST_DATABASE_URL!,
    deadline = '10s',
    configuration = configurationOf(deadline),
    environment = {},
  }: InstallationOptions = {}): Promise<Installation> {
    const installation = new Installation(brokers, databaseServer, environment);
    await makeDatabase(databaseServer, installation.#name, installation.#databaseUrl);
    await setUpTopics({
      kafka: installation.kafka,
      logger: silentLogger,
      topicPrefix: `${installation.#name}.`,
      replication: 1,
      maxPartitions: 3,
    });
    writeFileSync(
      join(installation.#directory, 'quittance.yaml'),
      JSON.stringify({ identityNamespace: '${IDENTITY_NAMESPACE}', ...configuration }),
    );
    return installation;
  }

  /** What its processes are told. */
  get environment(): Readonly<Record<string, string>> {
    return this.#environment;
  }

  /** Two sessions in its database. */
  get pool(): pg.Pool {
    return this.#pool;
  }

  get databaseUrl(): string {
    return this.#databaseUrl;
  }

  get kafka() {
    return { brokers: this.#brokers.split(','), clientId: 'quittance-test' };
  }

  /** Starts an app; with `ready: false` without waiting for it. */
  async start(
    name: AppName,
    { ready = true, env = {} }: { ready?: boolean; env?: Readonly<Record<string, string>> } = {},
  ): Promise<AppProcess> {
    // Two of a kind that are started at once must not write into one file.
    const logFile = join(this.#directory, `${name}-${this.#started++}.log`);
    const app = await startApp(name, { ...this.#environment, ...env }, logFile);
    this.#apps.push(app);
    if (ready) await untilReady(app);
    return app;
  }

  /** Starts one of each. */
  async startAll(): Promise<{ ingress: AppProcess; normaliser: AppProcess; projector: AppProcess }> {
    const [ingress, normaliser, projector] = await Promise.all([
      this.start('ingress'),
      this.start('normaliser'),
      this.start('projector'),
    ]);
    return { ingress, normaliser, projector };
  }

  /** Full name of a topic. */
  topic(name: TopicName): string {
    return topicNames(`${this.#name}.`)[name];
  }

  /** All records of a topic. */
  records(name: TopicName): Promise<readonly IncomingRecord[]> {
    return readTopic(this.kafka, this.topic(name));
  }

  /** Rows of a table. */
  async rows(sql: string, values: readonly unknown[] = []): Promise<Record<string, unknown>[]> {
    return (await this.#pool.query<Record<string, unknown>>(sql, [...values])).rows;
  }

  /** Waits until the query gives so many rows. */
  async untilRows(count: number, sql: string): Promise<Record<string, unknown>[]> {
    let rows: Record<string, unknown>[] = [];
    await until(`there are ${count} rows of ${sql}`, async () => (rows = await this.rows(sql)).length >= count);
    return rows;
  }

  /** Everything that all apps have printed. */
  logs(): string {
    return this.#apps.map((app) => app.log()).join('\n');
  }

  /** Stops what runs and removes what was made, as far as the servers are there. */
  async stop(databaseServer = process.env.TEST_DATABASE_URL!): Promise<void> {
    await Promise.all(this.#apps.map(({ process }) => process.stop('SIGTERM', 20_000)));
    await this.#pool.end();
    await onServer(databaseServer, `DROP DATABASE IF EXISTS ${this.#name} WITH (FORCE)`);
    rmSync(this.#directory, { recursive: true, force: true });
  }
}

/** Pushes a body as the provider does; the status, or 0 where there was no answer. */
export async function push(
  ingress: AppProcess,
  source: string,
  body: string | Buffer,
  { token = TOKEN, timeout = 15_000 } = {},
): Promise<{ status: number; body: string }> {
  try {
    const response = await fetch(`${ingress.door}/receipts/${source}/${token}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body,
      signal: AbortSignal.timeout(timeout),
    });
    return { status: response.status, body: await response.text() };
  } catch {
    return { status: 0, body: '' };
  }
}

/** A header of ours, which must be there. */
export function header(record: IncomingRecord, name: string): string {
  const text = headerText(record, name);
  if (text === undefined) throw new Error(`the record has no ${name}`);
  return text;
}

/** Makes a database with all tables: on the server of the test run as a copy of one that was made for all tests. */
async function makeDatabase(server: string, name: string, url: string): Promise<void> {
  const template = process.env.TEST_DATABASE_TEMPLATE;
  if (server === process.env.TEST_DATABASE_URL && template !== undefined) {
    await onServer(server, `CREATE DATABASE ${name} TEMPLATE ${template}`);
    return;
  }
  await onServer(server, `CREATE DATABASE ${name}`);
  // Its libraries are large: most tests need none of them.
  const { migrate } = await import('../../apps/projector/src/store/schema.js');
  await migrate(url);
}

async function onServer(databaseServer: string, sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: databaseServer });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}
