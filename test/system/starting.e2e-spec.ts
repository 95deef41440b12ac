/** What the apps say when they cannot start, or cannot go on: a sentence that says what to do, never a stack. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { anyFreePort } from '../../dev/ports.js';
import { startApp, type AppProcess } from './app-process.js';
import { Installation, push } from './installation.js';
import { smsReport } from './receipts.js';
import { until } from './until.js';

const STACK = /\n\s+at /;

describe('starting', () => {
  const directory = mkdtempSync(join(tmpdir(), 'quittance-starting-'));
  const environment = {
    KAFKA_BROKERS: process.env.TEST_KAFKA_BROKERS!,
    DATABASE_URL: process.env.TEST_DATABASE_URL!,
    QUITTANCE_CONFIG: join(directory, 'quittance.yaml'),
    IDENTITY_NAMESPACE: '6f1d6a0e-2c0f-4a55-9b8e-0d7f1d1f5a11',
  };
  let logs = 0;

  beforeAll(() => {
    writeFileSync(
      environment.QUITTANCE_CONFIG,
      JSON.stringify({
        identityNamespace: '${IDENTITY_NAMESPACE}',
        accounts: { main: { provider: 'alibaba' } },
        sources: [
          { id: 'sms-report', account: 'main', receipt: 'SmsReport', http: { tokens: ['token-of-the-tests-0001'] } },
        ],
      }),
    );
  });

  afterAll(() => {
    rmSync(directory, { recursive: true, force: true });
  });

  function start(name: 'ingress' | 'normaliser' | 'projector', env: Record<string, string>): Promise<AppProcess> {
    return startApp(name, { ...environment, ...env }, join(directory, `${logs++}.log`));
  }

  /** Starts an app that must end by itself, with 1; what it printed. */
  async function refusal(name: 'ingress' | 'normaliser' | 'projector', env: Record<string, string>): Promise<string> {
    const app = await start(name, env);
    expect(await app.process.exited).toEqual({ code: 1, signal: null });
    expect(app.log()).not.toMatch(STACK);
    return app.log();
  }

  it('lists every mistake of a configuration with its path, and no secret', async () => {
    const broken = join(directory, 'broken.yaml');
    writeFileSync(
      broken,
      `identityNamespace: not-a-uuid
accounts: { main: { provider: nobody } }
sources:
  - { id: BAD ID, account: main, receipt: SmsReport, http: { tokens: [short-secret] } }
  - { id: open, account: none, receipt: SmsReport, http: {}, wrong: 1 }
`,
    );
    const log = await refusal('ingress', { QUITTANCE_CONFIG: broken });
    for (const path of ['identityNamespace', 'accounts.main.provider', 'sources[0].id', 'sources[0].http.tokens[0]']) {
      expect(log).toContain(path);
    }
    for (const path of ['sources[1].account', 'sources[1].http', 'sources[1].wrong']) expect(log).toContain(path);
    expect(log).not.toContain('short-secret');
  });

  it('lists every mistake of the environment', async () => {
    const log = await refusal('projector', { DATABASE_URL: 'mysql://x', KAFKA_BROKERS: '', SHUTDOWN_GRACE: 'soon' });
    for (const name of ['DATABASE_URL', 'KAFKA_BROKERS', 'SHUTDOWN_GRACE']) expect(log).toContain(name);
  });

  it('names the variable when a port is taken', async () => {
    const taken: Server = createServer();
    const port = await anyFreePort();
    await new Promise<void>((resolve) => taken.listen(port, '127.0.0.1', resolve));
    try {
      expect(await refusal('ingress', { PORT: String(port) })).toContain(`port ${port} is taken: set PORT`);
      expect(await refusal('normaliser', { MANAGEMENT_PORT: String(port) })).toContain('set MANAGEMENT_PORT');
    } finally {
      await new Promise((resolve) => taken.close(resolve));
    }
  });

  it('says what to do when the database is not there, or has no tables', async () => {
    const nowhere = `postgresql://nobody@127.0.0.1:${await anyFreePort()}/none`;
    expect(await refusal('projector', { DATABASE_URL: nowhere })).toContain('DATABASE_URL');
    const installation = await Installation.create();
    await installation.rows('DROP TABLE schema_migration');
    try {
      await expect(installation.start('projector')).rejects.toThrow('npm run migrate');
    } finally {
      await installation.stop();
    }
  });

  it.each(['ingress', 'normaliser'] as const)(
    'the %s waits for Kafka, not ready, and says what to check',
    async (name) => {
      const app = await start(name, { KAFKA_BROKERS: `127.0.0.1:${await anyFreePort()}` });
      try {
        await until('it says so', () => app.log().includes('check KAFKA_BROKERS'));
        expect(await app.ready()).toBe(false);
        expect(app.process.exit()).toBeNull();
      } finally {
        expect(await app.process.stop('SIGTERM', 20_000)).toEqual({ code: 0, signal: null });
      }
    },
  );

  it('a projector whose stored position lies outside the topic ends, and does not skip', async () => {
    const installation = await Installation.create();
    try {
      const topic = installation.topic('events.v1');
      for (const partition of [0, 1, 2]) {
        await installation.rows('INSERT INTO projector_offset VALUES ($1, $2, 1000000)', [topic, partition]);
      }
      const ingress = await installation.start('ingress');
      await installation.start('normaliser');
      const projector = await installation.start('projector');
      await push(ingress, 'sms-report', JSON.stringify([smsReport()]));
      expect(await projector.process.exited).toEqual({ code: 1, signal: null });
      expect(projector.log()).toContain('the topic was made anew or its records are gone');
      expect(await installation.rows('SELECT 1 FROM message')).toEqual([]);
    } finally {
      await installation.stop();
    }
  });
});
