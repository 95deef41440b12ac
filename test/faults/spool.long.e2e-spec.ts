/**
 * With a spool, what is acknowledged while Kafka is away is in the topic once Kafka is back, whatever happens to the
 * process, and a disk that takes nothing is a refusal, never a 200.
 */
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { SpoolReport } from '#contracts';
import type { KafkaBroker } from '../../dev/kafka-broker.js';
import type { AppProcess } from '../system/app-process.js';
import { header, Installation, push } from '../system/installation.js';
import { removeKafka, startAgain, startOwnKafka } from '../system/own-kafka.js';
import { smsReport } from '../system/receipts.js';
import { mountMemory } from '../system/small-disk.js';
import { until } from '../system/until.js';
import { Ledger } from './ledger.js';

const DRAINED = 'quittance_spool_drained_receipts_total';

/** As it is by default: the vendor waits for 700 ms. */
const DEADLINE = '500ms';

describe('the spool', () => {
  const directory = mkdtempSync(join(tmpdir(), 'quittance-spool-'));
  let kafka: KafkaBroker;
  let installation: Installation;
  let spool: string;
  let ledger: Ledger | null;

  beforeAll(async () => {
    kafka = await startOwnKafka();
  }, 120_000);

  afterAll(async () => {
    await removeKafka(kafka);
    rmSync(directory, { recursive: true, force: true });
  }, 60_000);

  beforeEach(async () => {
    ledger = null;
    // A test that failed may have left it frozen, or dead.
    kafka.signal('SIGCONT');
    if (kafka.exit() !== null) kafka = await startAgain(kafka);
    spool = mkdtempSync(join(directory, 'spool-'));
    installation = await Installation.create({ brokers: kafka.brokers, deadline: DEADLINE });
  }, 60_000);

  afterEach(async () => {
    await ledger?.stop();
    await installation.stop();
  }, 60_000);

  const start = (env: Readonly<Record<string, string>> = {}, ready = true): Promise<AppProcess> =>
    installation.start('ingress', { ready, env: { SPOOL_DIRECTORY: spool, ...env } });

  /** What the topic holds: the caller's own id of each report, in the order of its partition and offset. */
  async function published(): Promise<{ readonly ids: readonly string[]; readonly receiptIds: readonly string[] }> {
    const records = await installation.records('raw-receipts.v1');
    return {
      ids: records.map(({ value }) => (JSON.parse(value!.toString()) as { out_id: string }[])[0]!.out_id),
      receiptIds: records.map((record) => header(record, 'receipt-id')),
    };
  }

  async function expectNothingLost(app: AppProcess): Promise<void> {
    await ledger!.stop();
    await until('the spool is empty', async () => (await metric(app, 'quittance_spool_receipts')) === 0);
    const { ids } = await published();
    const there = new Set(ids);
    expect([...ledger!.accepted].filter((id) => !there.has(id))).toEqual([]);
  }

  it('Kafka hangs, is killed, the ingress is killed: accepted throughout, and everything reaches the topic', async () => {
    let ingress = await start();
    ledger = new Ledger(() => ingress);
    const { accepted } = ledger;
    const moreAccepted = (by: number): Promise<void> => {
      const before = accepted.size;
      return until(`${by} more are accepted`, () => accepted.size > before + by);
    };
    await moreAccepted(20);
    kafka.signal('SIGSTOP');
    await moreAccepted(200);
    expect(await metric(ingress, 'quittance_spool_bypasses_kafka')).toBe(1);
    await kafka.kill();
    await moreAccepted(200);
    expect(await ingress.ready()).toBe(true);

    ingress.process.signal('SIGKILL');
    await ingress.process.exited;
    ingress = await start();
    await moreAccepted(100);
    expect(await metric(ingress, 'quittance_spool_adopted_folders_total')).toBe(1);
    expect(await metric(ingress, 'quittance_spool_oldest_seconds')).toBeGreaterThan(0);

    kafka = await startAgain(kafka);
    await until('receipts go to Kafka again', async () => (await metric(ingress, 'quittance_spool_receipts')) === 0);
    await moreAccepted(50);
    await expectNothingLost(ingress);
    // None, but where the machine is so busy that a deadline passes.
    expect(ledger.count(503)).toBeLessThan(accepted.size / 20);

    const { receiptIds, ids } = await published();
    // What Kafka took after all is there twice: under the same receipt id.
    expect(new Set(receiptIds).size).toBe(new Set(ids).size);
    expect(readdirSync(spool).filter((name) => name !== 'set-aside')).toHaveLength(1);
    expect(await ingress.process.stop('SIGTERM', 30_000)).toEqual({ code: 0, signal: null });
    expect(readdirSync(spool)).toEqual(['set-aside']);
  }, 180_000);

  it('order, headers and bytes come through; what a killed process left is drained by one that lives', async () => {
    const [one, two] = await Promise.all([start(), start()]);
    await kafka.kill();
    const bodies = Array.from({ length: 60 }, () => JSON.stringify([smsReport()]));
    for (const body of bodies) expect(await push(one, 'sms-report', body)).toMatchObject({ status: 200 });
    one.process.signal('SIGKILL');
    await one.process.exited;
    const between = Date.now();
    kafka = await startAgain(kafka);
    await until('all are drained', async () => (await metric(two, DRAINED)) === bodies.length);
    const records = await installation.records('raw-receipts.v1');
    const sorted = records.toSorted((a, b) => a.timestamp - b.timestamp || Number(BigInt(a.offset) - BigInt(b.offset)));
    // A send that the broker did not confirm while it started was repeated: the same receipts, under the same ids.
    const receiptIds = new Set(records.map((record) => header(record, 'receipt-id')));
    expect(receiptIds.size).toBe(bodies.length);
    expect([...new Set(sorted.map(({ value }) => value!.toString()))]).toEqual(bodies);
    for (const record of records) {
      expect(Date.parse(header(record, 'received-at'))).toBeLessThanOrEqual(between);
      expect(header(record, 'content-type')).toBe('application/json');
      expect(header(record, 'source')).toBe('sms-report');
    }
    expect(await metric(two, 'quittance_spool_adopted_folders_total')).toBe(1);
  }, 120_000);

  it('SIGTERM with Kafka away leaves the files to the next process, with Kafka there it drains them', async () => {
    await kafka.kill();
    const away = await start();
    for (let count = 0; count < 20; count++) await push(away, 'sms-report', JSON.stringify([smsReport()]));
    expect(await away.process.stop('SIGTERM', 30_000)).toEqual({ code: 0, signal: null });
    expect(readdirSync(spool)).toHaveLength(2);
    kafka = await startAgain(kafka);
    const there = await start();
    await until('Kafka is found', async () => !(await readiness(there)).includes('receipts go to the spool'));
    const told = async () =>
      (await installation.records('spools.v1')).map(({ value }) => JSON.parse(value!.toString()) as SpoolReport);
    await until('the spool is told of', async () => (await told()).length > 0);
    await there.process.stop('SIGTERM', 30_000);
    expect((await published()).ids).toHaveLength(20);
    // How far behind it is, and at last that it is gone.
    const [first, last] = [(await told()).at(0), (await told()).at(-1)];
    expect(first!.behindMs).toBeGreaterThanOrEqual(0);
    expect(last).toMatchObject({ behindMs: null, receipts: 0 });
    expect(readdirSync(spool)).toEqual(['set-aside']);
  }, 120_000);

  it('a full disk is a 503 and never a 200; what was accepted reaches the topic, and then there is room again', async () => {
    const disk = smallDisk(directory);
    try {
      const ingress = await start({ SPOOL_DIRECTORY: join(disk.path, 'spool'), SPOOL_BYTES: disk.bytes });
      kafka.signal('SIGSTOP');
      ledger = new Ledger(() => ingress, { changes: { err_msg: '.'.repeat(disk.padding) } });
      await until('refusals come', () => ledger!.count(503) > 20);
      const { size } = ledger.accepted;
      expect(size).toBeGreaterThan(20);
      await until('the spool says so', async () => (await metric(ingress, 'quittance_spool_takes')) === 0);
      await until('the ingress is not ready', async () => !(await ingress.ready()));
      kafka.signal('SIGCONT');
      await until('receipts are accepted again', () => ledger!.accepted.size > size + 50);
      await expectNothingLost(ingress);
      await ingress.process.stop('SIGTERM', 30_000);
    } finally {
      kafka.signal('SIGCONT');
      disk.release();
    }
  }, 120_000);

  it('a folder that cannot be written: it does not start, and says what to do', async () => {
    const file = join(spool, 'file');
    writeFileSync(file, '');
    const ingress = await start({ SPOOL_DIRECTORY: join(file, 'spool') }, false);
    expect(await ingress.process.exited).toEqual({ code: 1, signal: null });
    expect(ingress.log()).toMatch(/the spool in \S+ cannot be written \(.*ENOTDIR.*\): check SPOOL_DIRECTORY/);
  }, 60_000);
});

async function metric(app: AppProcess, name: string): Promise<number> {
  const text = await (await fetch(`${app.management}/metrics`)).text();
  const line = text.split('\n').find((one) => one.startsWith(`${name} `));
  if (line === undefined) throw new Error(`there is no metric ${name}`);
  return Number(line.slice(name.length + 1));
}

async function readiness(app: AppProcess): Promise<string> {
  return (await fetch(`${app.management}/health/ready`)).text();
}

/** A disk that is soon full; who may not mount one gets a small spool on a large disk instead. */
function smallDisk(directory: string) {
  const path = join(directory, 'small-disk');
  mkdirSync(path);
  const release = mountMemory(path, 'size=3m');
  return release === null
    ? { path, bytes: '16777216', padding: 200_000, release: () => undefined }
    : { path, bytes: '1073741824', padding: 20_000, release };
}
