/**
 * Quittance with the rights that it needs, and no others: on a Kafka that refuses what no ACL allows, over TLS, each
 * process as a user of its own; on a Postgres with TLS, by roles that own no table.
 */
import { randomBytes, randomUUID } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import {
  ACCESS,
  accessRules,
  consumerGroup,
  senderRules,
  subscriberRules,
  TOPICS,
  topicNames,
  type AccessRule,
} from '#contracts';
import {
  BatchConsumer,
  GroupCommitProducer,
  setUpTopics,
  TopicReader,
  type IncomingRecord,
  type KafkaSettings,
} from '#kafka';
import { readEnvironment } from '#runtime';
import { migrate } from '../../apps/projector/src/store/schema.js';
import { REPOSITORY } from '../../dev/places.js';
import type { AppName } from '../../dev/apps.js';
import { attemptsOf, grantAccess, type Attempts } from '../../libs/kafka/src/access-for-tests.js';
import { runOps } from '../operations/run-ops.js';
import { startApp, untilReady, type AppProcess } from '../system/app-process.js';
import { push, TOKEN } from '../system/installation.js';
import { smsReport } from '../system/receipts.js';
import { silentLogger } from '../system/silent-logger.js';
import { until } from '../system/until.js';
import { startSecuredServers, type SecuredServers } from './secured-servers.js';

const secret = (): string => `secret${randomBytes(12).toString('hex')}`;

const OWN = ACCESS.map(({ user }) => user);
/** Beside our own: a subscriber, a sending service, and somebody with a password and no rights. */
const USERS = [...OWN, 'billing', 'sender', 'stranger'] as const;
type User = (typeof USERS)[number];
const PASSWORDS = Object.fromEntries(USERS.map((user) => [user, secret()])) as Record<User, string>;
const ROLES = { quittance_owner: secret(), quittance_app: secret(), quittance_reader: secret() };

const PREFIX = 'secured.';
/** Topics with the same rights, where nothing runs and anything may be tried. */
const TRIAL = 'trial.';

function rulesOf(user: User, prefix: string): readonly AccessRule[] {
  const access = ACCESS.find((each) => each.user === user);
  if (access !== undefined) return accessRules(access, prefix);
  if (user === 'billing') return subscriberRules(['message-status.v1'], `${prefix}billing`, prefix);
  return user === 'sender' ? senderRules(prefix) : [];
}

/** How long what may pass is tried, ms. */
const PATIENCE_OF_READERS = 20_000;

/** Whoever looks into a topic does not try for long what only a person can mend. */
async function expectNoPatience(kafka: KafkaSettings): Promise<void> {
  const began = performance.now();
  const reader = new TopicReader(kafka);
  await expect(reader.offsets('any')).rejects.toThrow('Kafka does not give any');
  await reader.close();
  expect(performance.now() - began).toBeLessThan(PATIENCE_OF_READERS);
}

describe('rights', () => {
  const directory = mkdtempSync(join(tmpdir(), 'quittance-security-'));
  const apps: AppProcess[] = [];
  const environments: Partial<Record<User, Record<string, string>>> = {};
  let servers: SecuredServers;
  let superuser: pg.Client;

  /** What a process of a user is told: by password, but for the ingress, which has a certificate. */
  function environmentOf(user: User): Record<string, string> {
    return (environments[user] ??= {
      KAFKA_TLS: 'on',
      KAFKA_CA_FILE: servers.ca,
      TOPIC_PREFIX: PREFIX,
      ...(user === 'ingress' ? byCertificate(user) : byPassword(user)),
    });
  }

  function byCertificate(user: User): Record<string, string> {
    const { certificate, key } = servers.clientCertificate(user);
    return { KAFKA_BROKERS: servers.certificates, KAFKA_CERT_FILE: certificate, KAFKA_KEY_FILE: key };
  }

  function byPassword(user: User): Record<string, string> {
    const KAFKA_PASSWORD_FILE = join(directory, `${user}.password`);
    writeFileSync(KAFKA_PASSWORD_FILE, `${PASSWORDS[user]}\n`);
    // Each of the mechanisms by somebody.
    const mechanisms: Partial<Record<User, string>> = { projector: 'scram-sha-256', sender: 'plain' };
    const KAFKA_SASL_MECHANISM = mechanisms[user] ?? 'scram-sha-512';
    return { KAFKA_BROKERS: servers.passwords, KAFKA_SASL_MECHANISM, KAFKA_USERNAME: user, KAFKA_PASSWORD_FILE };
  }

  const kafkaOf = (user: User) => readEnvironment('topics', environmentOf(user)).kafka;

  /** The database for a role, as the environment of a process says it. */
  function databaseOf(role: keyof typeof ROLES, DATABASE_CA_FILE = servers.ca): Record<string, string> {
    const DATABASE_PASSWORD_FILE = join(directory, `${role}.password`);
    writeFileSync(DATABASE_PASSWORD_FILE, ROLES[role]);
    const DATABASE_URL = `postgresql://${role}@127.0.0.1:${servers.postgres.port}/quittance`;
    return { DATABASE_URL, DATABASE_CA_FILE, DATABASE_PASSWORD_FILE };
  }

  const addressOf = (role: keyof typeof ROLES) => readEnvironment('migration', databaseOf(role)).databaseUrl;

  async function start(name: AppName, env: Record<string, string>): Promise<AppProcess> {
    const app = await startApp(name, env, join(directory, `${name}-${apps.length}.log`));
    apps.push(app);
    return app;
  }

  beforeAll(async () => {
    servers = await startSecuredServers(directory, PASSWORDS);
    const plain = { brokers: [servers.plain.brokers], clientId: 'operator' };
    const grants = new Map(USERS.map((user) => [user, [PREFIX, TRIAL].flatMap((prefix) => rulesOf(user, prefix))]));
    await grantAccess(plain, grants);
    const howMany = { logger: silentLogger, replication: 1, maxPartitions: 1 };
    for (const topicPrefix of [PREFIX, TRIAL]) {
      const { created } = await setUpTopics({ ...howMany, topicPrefix, kafka: kafkaOf('topics') });
      expect(created).toHaveLength(TOPICS.length);
    }
    superuser = new pg.Client({ connectionString: servers.postgres.databaseUrl });
    await superuser.connect();
    await superuser.query(readFileSync(join(REPOSITORY, 'docs', 'database-roles.sql'), 'utf8'));
    for (const [role, password] of Object.entries(ROLES)) {
      await superuser.query(`ALTER ROLE ${role} PASSWORD '${password}'`);
    }
    await migrate(addressOf('quittance_owner'));
    writeFileSync(
      join(directory, 'quittance.yaml'),
      JSON.stringify({
        identityNamespace: randomUUID(),
        accounts: { main: { provider: 'alibaba' } },
        sources: [
          { id: 'sms-report', account: 'main', receipt: 'SmsReport', http: { tokens: [TOKEN], deadline: '10s' } },
        ],
      }),
    );
  }, 120_000);

  afterAll(async () => {
    await Promise.all(apps.map(({ process }) => process.stop('SIGTERM', 20_000)));
    await superuser.end();
    await servers.stop();
    rmSync(directory, { recursive: true, force: true });
  }, 60_000);

  it('are enough for everything that the apps do: from a push to a subscriber, nothing is refused', async () => {
    const QUITTANCE_CONFIG = join(directory, 'quittance.yaml');
    const spool = { SPOOL_DIRECTORY: join(directory, 'spool') };
    const projecting = { ...databaseOf('quittance_app'), REPORT_TIMEOUT_INTERVAL: '200ms' };
    const [ingress] = await Promise.all([
      start('ingress', { ...environmentOf('ingress'), ...spool, QUITTANCE_CONFIG }),
      start('normaliser', { ...environmentOf('normaliser'), QUITTANCE_CONFIG }),
      start('projector', { ...environmentOf('projector'), ...projecting }),
    ]);
    const told: IncomingRecord[] = [];
    const billing = new BatchConsumer({
      kafka: kafkaOf('billing'),
      logger: silentLogger,
      groupId: `${PREFIX}billing`,
      topicPrefix: PREFIX,
      concurrency: 1,
      maxRecords: 100,
      deadLetter: () => Promise.resolve(),
      probe: () => Promise.resolve(true),
      closeWithin: 5_000,
      onFatal: () => undefined,
    });
    billing.addHandler(
      'message-status.v1',
      (records: readonly IncomingRecord[]) => Promise.resolve(told.push(...records)),
      true,
    );
    billing.listen(() => undefined);
    const sender = new GroupCommitProducer({ kafka: kafkaOf('sender'), logger: silentLogger });
    try {
      await Promise.all(apps.map(untilReady));
      const report = smsReport();
      expect((await push(ingress, 'sms-report', JSON.stringify([report]))).status).toBe(200);
      expect((await push(ingress, 'sms-report', 'nothing that can be read')).status).toBe(200);
      expect((await push(ingress, 'sms-report', '[]')).status).toBe(200);
      await until('the subscriber is told', () => told.length > 0);
      await sender.publish({
        topic: topicNames(PREFIX)['submissions.v1'],
        key: null,
        headers: {},
        value: JSON.stringify({
          provider: 'alibaba',
          account: 'main',
          messageId: 'submitted-1',
          recipient: '+8613900000000',
          submittedAt: new Date(Date.now() - 60_000).toISOString(),
          expectReportWithin: 'PT1S',
        }),
      });
      await until('a message that no report came for has expired', () =>
        rows("SELECT 1 FROM message WHERE status = 'expired'"),
      );
      await until('the dead letter is listed', () => rows('SELECT 1 FROM dead_letter'));
      await until('every receipt is accounted for', () => rows('SELECT 1 FROM ledger_accepted'));
      const ops = (role: keyof typeof ROLES, args: readonly string[]) =>
        runOps({ ...environmentOf('tool'), ...databaseOf(role) }, args);
      const listed = await ops('quittance_app', ['dead-letters', 'list']);
      expect([listed.code, listed.lines.join()]).toEqual([0, expect.stringContaining('BODY_NOT_JSON')]);
      // It makes a schema of its own.
      expect(await ops('quittance_owner', ['verify'])).toMatchObject({ code: 0 });
    } finally {
      await sender.close();
      await billing.close();
    }
    expect(servers.refusals()).toEqual([]);
    const sessions = await superuser.query<{ ssl: boolean }>(
      "SELECT ssl FROM pg_stat_ssl JOIN pg_stat_activity USING (pid) WHERE usename = 'quittance_app'",
    );
    expect(sessions.rows.length).toBeGreaterThan(0);
    expect(sessions.rows.every(({ ssl }) => ssl)).toBe(true);
  });

  it('are not enough for anything else', async () => {
    const names = topicNames(TRIAL);
    const groups = [...OWN_GROUPS.map((stage) => consumerGroup(TRIAL, stage)), `${TRIAL}billing`];
    const columns = await Promise.all(
      USERS.map(async (user) => {
        const attempts = await attemptsOf(kafkaOf(user));
        try {
          const cells: string[] = [];
          for (const { name } of TOPICS) cells.push(await mayWith(attempts, names[name]));
          for (const group of groups) cells.push((await attempts.joins(group)) ? 'joins' : '-');
          return cells;
        } finally {
          await attempts.end();
        }
      }),
    );
    const rowNames = [...TOPICS.map(({ name }) => name), ...groups.map((group) => group.slice(TRIAL.length))];
    const table = rowNames.map((name, row) => [name, ...columns.map((cells) => cells[row]!)]);
    expect(aligned([['', ...USERS], ...table])).toBe(WHO_MAY_WHAT);
    expect(servers.refusals().length).toBeGreaterThan(0);
  });

  it('a wrong password is said within seconds, and the right one is taken without a restart', async () => {
    const env = { ...environmentOf('normaliser'), QUITTANCE_CONFIG: join(directory, 'quittance.yaml') };
    const passwordFile = join(directory, 'normaliser.password');
    writeFileSync(passwordFile, PASSWORDS.stranger);
    const normaliser = await start('normaliser', env);
    for (const trouble of ['kafka.producer-not-connected', 'kafka.consumer-not-connected']) {
      await until(`it says: ${trouble}`, () =>
        normaliser
          .log()
          .split('\n')
          .some((line) => line.includes(trouble) && line.includes('check KAFKA_USERNAME')),
      );
    }
    expect(await normaliser.ready()).toBe(false);
    expect(normaliser.process.exit()).toBeNull();
    await expectNoPatience(readEnvironment('normaliser', env).kafka);
    writeFileSync(passwordFile, PASSWORDS.normaliser);
    await untilReady(normaliser);

    // In the group, it has to log in again while the password is another one for a while.
    const said = (trouble: string): number => normaliser.log().split(trouble).length;
    const before = said('kafka.consumer-not-connected');
    writeFileSync(passwordFile, PASSWORDS.stranger);
    await until('it is refused again', () => said('kafka.consumer-not-connected') > before);
    expect([await normaliser.ready(), normaliser.process.exit()]).toEqual([false, null]);
    writeFileSync(passwordFile, PASSWORDS.normaliser);
    await untilReady(normaliser);
  }, 60_000);

  it('a database that another has signed for: the projector says what to check, and ends', async () => {
    const database = databaseOf('quittance_app', servers.otherCa);
    const projector = await start('projector', { ...environmentOf('projector'), ...database });
    expect(await projector.process.exited).toEqual({ code: 1, signal: null });
    expect(projector.log()).toContain('check DATABASE_CA_FILE');
    expect(projector.log()).not.toMatch(/\n\s+at /);
  });

  it('brokers that another has signed for are not spoken to', async () => {
    const said: string[] = [];
    const logger = { ...silentLogger, warn: (fields: object) => void said.push(JSON.stringify(fields)) };
    const kafka = readEnvironment('topics', { ...environmentOf('tool'), KAFKA_CA_FILE: servers.otherCa }).kafka;
    const producer = new GroupCommitProducer({ kafka, logger });
    void producer.connect();
    await until('it says so', () => said.some((message) => message.includes('check KAFKA_CA_FILE')));
    await producer.close();
    await expectNoPatience(kafka);
  });

  it('of the roles in Postgres end where they should', async () => {
    const tries = async (role: keyof typeof ROLES, sql: string): Promise<string> => {
      const client = new pg.Client({ connectionString: addressOf(role) });
      await client.connect();
      const answer = client.query(sql).then(
        () => 'done',
        (error: unknown) => (error as pg.DatabaseError).code ?? 'unknown',
      );
      return await answer.finally(() => client.end());
    };
    const refused = '42501';
    expect(await tries('quittance_app', 'DROP TABLE message')).toBe(refused);
    expect(await tries('quittance_app', 'CREATE TABLE other (a int)')).toBe(refused);
    expect(await tries('quittance_app', 'CREATE SCHEMA other')).toBe(refused);
    expect(await tries('quittance_app', 'DELETE FROM message')).toBe('done');
    expect(await tries('quittance_reader', 'SELECT * FROM message, review')).toBe('done');
    expect(await tries('quittance_reader', 'DELETE FROM message')).toBe(refused);
    expect(await tries('quittance_reader', "UPDATE erasure_version SET key_check = ''")).toBe(refused);
  });

  it('and no password is ever printed, nor stands in a command line', () => {
    const passwords = [...Object.values(PASSWORDS), ...Object.values(ROLES)];
    for (const { process, log } of apps) {
      const commandLine = process.exit() === null ? readFileSync(`/proc/${process.pid}/cmdline`, 'utf8') : '';
      expect(passwords.filter((password) => `${log()}${commandLine}`.includes(password))).toEqual([]);
    }
  });

  async function rows(sql: string): Promise<boolean> {
    return (await superuser.query(sql)).rows.length > 0;
  }
});

const OWN_GROUPS = ['normaliser', 'projector', 'ledger'] as const;

/** r: reads, w: writes, c: creates; s: sees that it is there, where it may do nothing else. */
const WHO_MAY_WHAT = `\
                     ingress normaliser projector topics tool scaler billing sender stranger
raw-receipts.v1      w       r          r         c      rw   s      -       -      -
submissions.v1       -       r          s         c      rw   s      -       w      -
spools.v1            w       -          r         c      r    -      -       -      -
events.v1            -       w          rw        c      rw   s      -       -      -
dead-letters.v1      -       w          rw        c      r    -      -       -      -
message-status.v1    -       -          w         c      rw   -      r       -      -
mobile-originated.v1 -       -          w         c      rw   -      -       -      -
review-status.v1     -       -          w         c      rw   -      -       -      -
account-status.v1    -       -          w         c      rw   -      -       -      -
ledger.v1            w       w          r         c      r    -      -       -      -
erasures.v1          -       -          rw        c      rw   -      -       -      -
normaliser           -       joins      -         -      -    -      -       -      -
projector            -       -          joins     -      -    -      -       -      -
ledger               -       -          joins     -      -    -      -       -      -
billing              -       -          -         -      -    -      joins   -      -`;

async function mayWith(attempts: Attempts, topic: string): Promise<string> {
  const may = [
    (await attempts.reads(topic)) ? 'r' : '',
    (await attempts.writes(topic)) ? 'w' : '',
    (await attempts.creates(topic)) ? 'c' : '',
  ].join('');
  if (may !== '') return may;
  return (await attempts.sees(topic)) ? 's' : '-';
}

/** A table as text, its columns in line. */
function aligned(table: readonly (readonly string[])[]): string {
  const widths = table[0]!.map((_, column) => Math.max(...table.map((row) => row[column]!.length)));
  return table
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column]!))
        .join(' ')
        .trimEnd(),
    )
    .join('\n');
}
