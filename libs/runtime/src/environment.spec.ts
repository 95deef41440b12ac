import { readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { environmentExample } from './environment-example.js';
import { readEnvironment } from './environment.js';
import type { Role } from './environment-shape.js';
import { EnvironmentError } from './mistakes.js';

const EXAMPLE = new URL('../../../.env.example', import.meta.url);

const DAY = 86_400_000;

function mistakesOf(role: Role, env: Record<string, string>): Record<string, string> {
  try {
    readEnvironment(role, env);
  } catch (error) {
    if (error instanceof EnvironmentError) {
      return Object.fromEntries(error.mistakes.map(({ path, message }) => [path, message]));
    }
    throw error;
  }
  return {};
}

describe('readEnvironment', () => {
  it('fills in every default', () => {
    expect(readEnvironment('ingress', { KAFKA_BROKERS: 'a:9092' })).toEqual({
      kafka: { brokers: ['a:9092'], clientId: 'quittance-ingress', tls: null, sasl: null },
      clientId: 'quittance-ingress',
      topicPrefix: 'quittance.',
      configurationFile: 'quittance.yaml',
      host: '0.0.0.0',
      port: 8080,
      tls: null,
      managementHost: '0.0.0.0',
      managementPort: 9100,
      databaseUrl: null,
      logLevel: 'info',
      logFormat: null,
      logSample: 0.001,
      tracing: null,
      shutdownGrace: 10_000,
      topicPartitions: null,
      topicReplication: 3,
      connections: 4_096,
      queueRecords: 20_000,
      queueBytes: 64 * 1024 * 1024,
      spoolDirectory: null,
      spoolBytes: 1024 * 1024 * 1024,
      mnsQueueEndpoint: null,
      mnsTokenEndpoint: null,
      retention: {
        messages: 180 * DAY,
        mobileOriginated: 180 * DAY,
        reviews: Infinity,
        accounts: Infinity,
        ledger: 90 * DAY,
      },
      ledger: true,
      reportTimeoutInterval: 30_000,
      installation: null,
      erasureKey: null,
    });
  });

  it('looks for reports that never came as often as it is told, or never', () => {
    const needed = { KAFKA_BROKERS: 'a:9092', DATABASE_URL: 'postgresql://a@b/c' };
    const read = (REPORT_TIMEOUT_INTERVAL: string) =>
      readEnvironment('projector', { ...needed, REPORT_TIMEOUT_INTERVAL });
    expect(read('5m').reportTimeoutInterval).toBe(300_000);
    expect(read('never').reportTimeoutInterval).toBe(Infinity);
    for (const wrong of ['50ms', '30', 'off']) {
      expect(Object.keys(mistakesOf('projector', { ...needed, REPORT_TIMEOUT_INTERVAL: wrong }))).toEqual([
        'REPORT_TIMEOUT_INTERVAL',
      ]);
    }
  });

  it('traces where a collector is named, a hundredth unless told otherwise', () => {
    const read = (env: Readonly<Record<string, string>>) =>
      readEnvironment('ingress', { KAFKA_BROKERS: 'a:9092', ...env }).tracing;
    const endpoint = 'http://collector:4318';
    expect(read({ OTEL_EXPORTER_OTLP_ENDPOINT: endpoint })).toEqual({ endpoint, share: 0.01 });
    expect(read({ OTEL_EXPORTER_OTLP_ENDPOINT: endpoint, OTEL_TRACES_SAMPLER_ARG: '1' })).toEqual({
      endpoint,
      share: 1,
    });
    expect(read({ OTEL_TRACES_SAMPLER_ARG: '1' })).toBeNull();
    for (const wrong of ['1.5', '-1', 'half', '1e-3', '.']) {
      expect(() => read({ OTEL_TRACES_SAMPLER_ARG: wrong })).toThrow('OTEL_TRACES_SAMPLER_ARG');
    }
    for (const wrong of ['collector:4318', 'grpc://collector:4317', 'http://u:p@collector']) {
      expect(() => read({ OTEL_EXPORTER_OTLP_ENDPOINT: wrong })).toThrow('OTEL_EXPORTER_OTLP_ENDPOINT');
    }
  });

  it('keeps rows longer than dead letters, or for ever', () => {
    const needed = { KAFKA_BROKERS: 'a:9092', DATABASE_URL: 'postgresql://a@b/c' };
    const { retention } = readEnvironment('projector', {
      ...needed,
      RETENTION_MESSAGES: '31d',
      RETENTION_MOBILE_ORIGINATED: 'forever',
      RETENTION_REVIEWS: '400d',
      RETENTION_LEDGER: '60d',
    });
    expect(retention).toEqual({
      messages: 31 * DAY,
      mobileOriginated: Infinity,
      reviews: 400 * DAY,
      accounts: Infinity,
      ledger: 60 * DAY,
    });
    const wrong = { RETENTION_MESSAGES: '30d', RETENTION_MOBILE_ORIGINATED: '1h', RETENTION_REVIEWS: 'never' };
    const mistakes = mistakesOf('projector', { ...needed, ...wrong });
    expect(Object.keys(mistakes)).toEqual(Object.keys(wrong));
    expect(mistakes.RETENTION_MESSAGES).toContain('30d');
    expect(mistakesOf('ingress', { KAFKA_BROKERS: 'a:9092', ...wrong })).toEqual({});
  });

  it('reads the key of erasures, which must not be a short one', () => {
    const read = (ERASURE_KEY: string) => ({
      KAFKA_BROKERS: 'a:9092',
      DATABASE_URL: 'postgresql://a@b/c',
      ERASURE_KEY,
    });
    const key = Buffer.alloc(32, 'k').toString('base64');
    expect(readEnvironment('projector', read(key)).erasureKey).toBe(key);
    const { ERASURE_KEY: mistake } = mistakesOf('projector', read('hunter2'));
    expect(mistake).toContain('32 or more random bytes');
    expect(mistake).not.toContain('hunter2');
  });

  it('reads what is set, and takes an empty variable for unset', () => {
    const environment = readEnvironment('topics', {
      KAFKA_BROKERS: ' a:9092, [2001:db8::1]:9093 ,',
      KAFKA_CLIENT_ID: '',
      TOPIC_PREFIX: 'test.',
      TOPIC_PARTITIONS: '6',
      TOPIC_REPLICATION: '1',
      LOG_LEVEL: 'debug',
      LOG_FORMAT: 'json',
    });
    expect(environment).toMatchObject({
      kafka: { brokers: ['a:9092', '[2001:db8::1]:9093'], clientId: 'quittance-topics' },
      topicPrefix: 'test.',
      topicPartitions: 6,
      topicReplication: 1,
      logLevel: 'debug',
      logFormat: 'json',
    });
  });

  it('names everything that is missing at once', () => {
    expect(Object.keys(mistakesOf('projector', {}))).toEqual(['KAFKA_BROKERS', 'DATABASE_URL']);
    expect(Object.keys(mistakesOf('migration', {}))).toEqual(['DATABASE_URL']);
    expect(mistakesOf('tool', {})).toEqual({});
  });

  it('names everything that cannot be read at once, and does not repeat the values', () => {
    const wrong = {
      KAFKA_BROKERS: 'no-port',
      KAFKA_CLIENT_ID: 'a b',
      TOPIC_PREFIX: 'with space',
      HOST: 'a b',
      PORT: '65536',
      MANAGEMENT_PORT: '-1',
      LOG_LEVEL: 'loud',
      LOG_FORMAT: 'xml',
      SHUTDOWN_GRACE: '10',
      INGRESS_QUEUE_RECORDS: '0',
      INGRESS_QUEUE_BYTES: '64MiB',
      SPOOL_BYTES: '1000',
      MNS_QUEUE_ENDPOINT: 'simulator:8081',
      MNS_TOKEN_ENDPOINT: 'http://simulator:8081/path',
    };
    const mistakes = mistakesOf('ingress', wrong);
    expect(Object.keys(mistakes).sort()).toEqual(Object.keys(wrong).sort());
    expect(mistakes.SHUTDOWN_GRACE).toContain('500ms');
    for (const value of ['no-port', 'with space', '65536', 'loud', 'xml', '64MiB']) {
      expect(Object.values(mistakes).join('\n')).not.toContain(value);
    }
  });

  it('wants certificate and key together', () => {
    const both = { KAFKA_BROKERS: 'a:9092', TLS_CERT_FILE: '/a.crt', TLS_KEY_FILE: '/a.key' };
    expect(readEnvironment('ingress', both).tls).toEqual({ certificate: '/a.crt', key: '/a.key' });
    expect(mistakesOf('ingress', { ...both, TLS_KEY_FILE: '' })).toEqual({
      TLS_KEY_FILE: 'is not set, and TLS_CERT_FILE is: they come together',
    });
    expect(Object.keys(mistakesOf('ingress', { ...both, TLS_CERT_FILE: '' }))).toEqual(['TLS_CERT_FILE']);
  });

  it('does not show a database password', () => {
    const mistakes = mistakesOf('migration', { DATABASE_URL: 'mysql://user:hunter2@host/db' });
    expect(mistakes.DATABASE_URL).toContain('postgresql://');
    expect(JSON.stringify(mistakes)).not.toContain('hunter2');
  });

  it("ignores variables that are not the role's", () => {
    expect(mistakesOf('migration', { DATABASE_URL: 'postgres://u@h/db', PORT: 'x', KAFKA_BROKERS: 'x' })).toEqual({});
  });
});

describe('what is written about the environment', () => {
  it('.env.example is what the variables say', () => {
    if (process.env.UPDATE_GOLDEN === '1') writeFileSync(EXAMPLE, environmentExample());
    expect(readFileSync(EXAMPLE, 'utf8')).toBe(environmentExample());
  });
});
