/**
 * No acknowledged receipt is lost, by ingresses without a spool either: a client writes down every 200, something is
 * broken and mended, and then every receipt that was written down is a row, and no change was told twice under different
 * names. What is the same with a spool, and everything else that goes wrong, stands among the faults.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { startKafka, type KafkaBroker } from '../../dev/kafka-broker.js';
import { startPostgres, type PostgresServer } from '../../dev/postgres-server.js';
import { removePostgresFiles } from '../../dev/postgres-files.js';
import type { AppProcess } from '../system/app-process.js';
import { header, Installation, push } from '../system/installation.js';
import { smsReport } from '../system/receipts.js';
import { until } from '../system/until.js';
import { Ledger } from './ledger.js';

/** As it is by default: the vendor waits for 700 ms. */
const DEADLINE = '500ms';

describe('outages', () => {
  const directory = mkdtempSync(join(tmpdir(), 'quittance-faults-'));
  const kafkaDirectory = join(directory, 'kafka');
  const postgresDirectory = join(directory, 'postgres');
  let kafka: KafkaBroker;
  let postgres: PostgresServer;
  let installation: Installation;
  let ingress: AppProcess;
  let normaliser: AppProcess;
  let projector: AppProcess;
  let ledger: Ledger;

  beforeAll(async () => {
    [kafka, postgres] = await Promise.all([
      startKafka({ dataDirectory: kafkaDirectory }),
      startPostgres({ dataDirectory: postgresDirectory }),
    ]);
  }, 120_000);

  afterAll(async () => {
    await Promise.all([kafka.stop(), postgres.stop()]);
    removePostgresFiles(postgresDirectory);
    rmSync(directory, { recursive: true, force: true });
  }, 60_000);

  beforeEach(async () => {
    installation = await Installation.create({
      brokers: kafka.brokers,
      databaseServer: postgres.databaseUrl,
      deadline: DEADLINE,
    });
    ({ ingress, normaliser, projector } = await installation.startAll());
    ledger = new Ledger(() => ingress);
    await until('receipts are accepted', () => ledger.accepted.size > 50);
  }, 120_000);

  afterEach(async () => {
    await ledger.stop();
    await installation.stop(postgres.databaseUrl);
  }, 60_000);

  /** Stops pushing, waits until everything that was accepted is a row, and checks what subscribers were told. */
  async function expectNothingLost(): Promise<void> {
    await ledger.stop();
    let missing: string[] = [];
    await until('every accepted receipt is a row', async () => {
      const rows = await installation.rows('SELECT reference FROM message');
      const there = new Set(rows.map(({ reference }) => reference));
      missing = [...ledger.accepted].filter((reference) => !there.has(reference));
      return missing.length === 0;
    });
    expect(missing).toEqual([]);
    expect(await installation.records('dead-letters.v1')).toEqual([]);

    const told = new Map<string, string>();
    for (const change of await installation.records('message-status.v1')) {
      const { reference, revision } = JSON.parse(change.value!.toString()) as { reference: string; revision: number };
      expect(revision).toBe(1);
      // At least once, but always under the same id: a subscriber can tell.
      expect(told.get(reference) ?? header(change, 'ce_id')).toBe(header(change, 'ce_id'));
      told.set(reference, header(change, 'ce_id'));
    }
    expect([...ledger.accepted].filter((reference) => !told.has(reference))).toEqual([]);
  }

  it('Kafka hangs: nothing is answered 2xx, every answer comes in time, and service resumes by itself', async () => {
    kafka.signal('SIGSTOP');
    try {
      await until('refusals come', () => ledger.count(503) > 20);
      const report = smsReport();
      const { status } = await push(ingress, 'sms-report', JSON.stringify([report]));
      expect(status).toBe(503);
      const accepted = ledger.accepted.size;
      await until('more refusals come', () => ledger.count(503) > 60);
      expect(ledger.accepted.size).toBe(accepted);
    } finally {
      kafka.signal('SIGCONT');
    }
    const accepted = ledger.accepted.size;
    await until('receipts are accepted again', () => ledger.accepted.size > accepted + 50);
    expect(ledger.count(0)).toBe(0);
    // The deadline is 500 ms; the provider's own limit is 700 ms. The bound allows for a busy machine.
    expect(ledger.slowest).toBeLessThan(5_000);
    await expectNothingLost();
  }, 180_000);

  it('Kafka hangs, and each process is asked to stop with work in hand: exit code 0 all the same, nothing lost, nothing left hanging', async () => {
    kafka.signal('SIGSTOP');
    try {
      await until('refusals come', () => ledger.count(503) > 20);
      const apps = [projector, normaliser, ingress];
      const exits = await Promise.all(apps.map((app) => app.process.stop('SIGTERM', 40_000)));
      expect(exits).toEqual(apps.map(() => ({ code: 0, signal: null })));
    } finally {
      kafka.signal('SIGCONT');
    }
    [ingress, normaliser, projector] = await Promise.all([
      installation.start('ingress'),
      installation.start('normaliser'),
      installation.start('projector'),
    ]);
    await expectNothingLost();
  }, 180_000);
});
