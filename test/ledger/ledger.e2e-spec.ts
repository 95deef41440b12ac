/** The loss ledger: what went in equals what came out, or it says where the difference is. Real processes all the way. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { consumerGroup, type TopicName } from '#contracts';
import {
  BatchConsumer,
  groupOffsets,
  GroupCommitProducer,
  recordOrigin,
  topicOffsets,
  type OutgoingRecord,
} from '#kafka';
import { readOpen } from '../../apps/projector/src/ledger/balance.js';
import { LedgerStore } from '../../apps/projector/src/ledger/ledger-store.js';
import { runOps } from '../operations/run-ops.js';
import type { AppProcess } from '../system/app-process.js';
import { Installation, push, TOKEN } from '../system/installation.js';
import { smsReport } from '../system/receipts.js';
import { ignore, silentLogger } from '../system/silent-logger.js';
import { until } from '../system/until.js';
import { askLedger, EVEN } from './ask-ledger.js';

const CONFIGURATION = {
  accounts: { main: { provider: 'alibaba' } },
  sources: [
    // On a busy machine a short deadline would make receipts that were refused and are there all the same.
    { id: 'sms-report', account: 'main', receipt: 'SmsReport', http: { tokens: [TOKEN], deadline: '10s' } },
  ],
};

/** A reader in the normaliser's group that makes nothing of what it reads, until there is nothing left. */
async function loseReceipts({ kafka, environment }: Installation): Promise<void> {
  const topicPrefix = environment.TOPIC_PREFIX!;
  const groupId = consumerGroup(topicPrefix, 'normaliser');
  const reader = new BatchConsumer({
    kafka,
    logger: silentLogger,
    groupId,
    topicPrefix,
    concurrency: 1,
    maxRecords: 100,
    deadLetter: () => Promise.resolve(),
    probe: () => Promise.resolve(true),
    closeWithin: 5_000,
    onFatal: ignore,
  });
  reader.addHandler('raw-receipts.v1', () => Promise.resolve(), true);
  reader.listen(ignore);
  const raw = `${topicPrefix}raw-receipts.v1`;
  try {
    await until('it is past all receipts', async () => {
      const ends = await topicOffsets(kafka, raw);
      const read = await groupOffsets(kafka, groupId, raw);
      return [...ends].every(([partition, { high }]) => high === 0n || read.get(partition) === high);
    });
  } finally {
    await reader.close();
  }
}

describe('the loss ledger', () => {
  let installation: Installation;
  let ingress: AppProcess;
  let normaliser: AppProcess;
  let projector: AppProcess;

  const ask = (wait?: number) => askLedger(installation, wait);
  const send = async (...bodies: string[]): Promise<void> => {
    const answers = await Promise.all(bodies.map((body) => push(ingress, 'sms-report', body, { timeout: 15_000 })));
    expect(answers.map(({ status }) => status)).toEqual(bodies.map(() => 200));
  };
  const reports = (count: number) => Array.from({ length: count }, () => JSON.stringify([smsReport()]));
  const publish = async (records: readonly OutgoingRecord[]): Promise<void> => {
    const producer = new GroupCommitProducer({ kafka: installation.kafka, logger: silentLogger });
    await producer.publishAll(records);
    await producer.close();
  };
  const recordsAgain = async (name: TopicName): Promise<OutgoingRecord[]> =>
    (await installation.records(name)).map(({ topic, key, value, headers }) => ({
      topic,
      key,
      value: value!,
      headers: headers as Record<string, Buffer>,
    }));

  beforeAll(async () => {
    installation = await Installation.create({ configuration: CONFIGURATION });
    ({ ingress, normaliser, projector } = await installation.startAll());
  }, 60_000);

  afterAll(async () => {
    await installation.stop();
  }, 60_000);

  it('is even when everything has come to its end, whichever it was', async () => {
    const partly = JSON.stringify([smsReport(), 'no object']);
    await send(...reports(20), '[]', 'no JSON', partly, JSON.stringify([smsReport(), smsReport()]));
    await until('the ledger has heard what was accepted', async () => {
      const [row] = await installation.rows('SELECT sum(receipts)::integer AS receipts FROM ledger_accepted');
      return row!.receipts === 24;
    });
    expect(await ask()).toEqual({
      verdict: 'even',
      awaited: null,
      missing: [],
      // The ingress may yet accept more in this hour.
      acceptedIsWhole: false,
      sum: { ...EVEN, accepted: 24, published: 24, normalised: 24, projected: 22, deadLettered: 2, empty: 1 },
    });
  });

  it('counts nothing twice that comes twice', async () => {
    const before = await ask();
    const names = ['events.v1', 'dead-letters.v1', 'ledger.v1'] as const;
    await publish((await Promise.all(names.map(recordsAgain))).flat());
    expect(await ask()).toEqual(before);
  });

  it('passes over what it cannot read', async () => {
    const before = await ask();
    const [raw, events, ledger] = (['raw-receipts.v1', 'events.v1', 'ledger.v1'] as const).map((name) =>
      installation.topic(name),
    );
    const accepted = { 'ledger-kind': 'accepted' };
    const instance = '018f0000-0000-7000-8000-000000000000';
    const count = { source: 'sms-report', hour: '2026-99-01T00:00:00.000Z', receipts: 1, final: true };
    await publish([
      { topic: ledger!, key: null, value: 'no JSON', headers: accepted },
      { topic: ledger!, key: null, value: 'null', headers: accepted },
      { topic: ledger!, key: null, value: JSON.stringify({ instance: "x'", counts: [] }), headers: accepted },
      { topic: ledger!, key: null, value: JSON.stringify({ instance, counts: [null, count] }), headers: accepted },
      { topic: ledger!, key: null, value: '', headers: { 'ledger-kind': 'empty', 'ledger-origin': `${raw!}/0/x` } },
      { topic: ledger!, key: null, value: '', headers: { 'ledger-kind': 'of a later version' } },
      { topic: events!, key: null, value: '{}', headers: { ce_rawposition: `${raw!}/0/99999999999999999999` } },
      { topic: raw!, key: null, value: '[]', headers: { source: 'no\0source', 'received-at': '+275760-01-01' } },
    ]);
    await until('the last of them is a dead letter', async () => {
      return (await ask()).sum.published === before.sum.published + 1;
    });
    const { verdict, sum } = await ask();
    // That of the events topic is one of the projector's; the receipt without a source is one of the normaliser's.
    expect(sum).toMatchObject({ ...EVEN, deadLettered: before.sum.deadLettered + 1 });
    expect(verdict).toBe('even');
  });

  it('stays exact when projectors are killed, and says meanwhile what they hold up', async () => {
    const before = await ask();
    for (let round = 0; round < 2; round++) {
      await send(...reports(100));
      await projector.process.stop('SIGKILL', 20_000);
      await send(...reports(100));
      if (round === 1) break;
      projector = await installation.start('projector');
    }
    const held = await ask(0);
    expect(held).toMatchObject({ verdict: 'unknown', awaited: 'the projector', missing: [] });
    projector = await installation.start('projector');
    const { verdict, sum } = await ask();
    const [published, projected] = [before.sum.published + 400, before.sum.projected + 400];
    expect(sum).toMatchObject({ ...EVEN, published, normalised: published, projected });
    expect(verdict).toBe('even');
  });

  it('has the whole count of an ingress that stopped in order', async () => {
    await ingress.process.stop('SIGTERM', 20_000);
    const { acceptedIsWhole, sum } = await ask();
    // One did not come by the ingress.
    expect(sum).toMatchObject({ ...EVEN, accepted: sum.published - 1 });
    const [row] = await installation.rows('SELECT bool_and(final) AS final FROM ledger_accepted');
    expect(row!.final).toBe(true);
    expect(acceptedIsWhole).toBe(false);
    ingress = await installation.start('ingress');
  });

  it('says what waits for the normaliser, and names what it has passed over', async () => {
    const before = await installation.records('raw-receipts.v1');
    const known = new Set(before.map(recordOrigin));
    await normaliser.process.stop('SIGTERM', 20_000);
    await send(...reports(5));
    const skipped = (await installation.records('raw-receipts.v1')).map(recordOrigin).filter((at) => !known.has(at));
    expect(skipped).toHaveLength(5);
    expect(await ask()).toMatchObject({ verdict: 'even', sum: { unread: 5, missing: 0 } });

    await loseReceipts(installation);
    const { verdict, missing, sum } = await ask();
    expect(sum).toMatchObject({ unread: 0, missing: 5 });
    expect(missing.toSorted()).toEqual(skipped.toSorted());
    expect(verdict).toBe('missing');
    await until('the gauge says so', async () => {
      const metrics = await (await fetch(`${projector.management}/metrics`)).text();
      return /^quittance_receipts_missing(\{.*\})? 5$/m.test(metrics);
    });
  });

  it('follows the copies of what was missing in its stead', async () => {
    const before = await ask();
    const missing = new Set(before.missing);
    const raw = await installation.records('raw-receipts.v1');
    const copies = raw.filter((record) => missing.has(recordOrigin(record)));
    await publish(
      copies.map((record) => ({
        topic: record.topic,
        key: null,
        value: record.value!,
        headers: {
          ...(record.headers as Record<string, Buffer>),
          transport: 'redrive',
          'copy-of': recordOrigin(record),
        },
      })),
    );
    expect(await ask()).toMatchObject({ verdict: 'even', missing: [], sum: { redriven: 5, unread: 5, missing: 0 } });
    normaliser = await installation.start('normaliser');
    await until('they are projected', async () => (await ask()).sum.projected === before.sum.projected + 5);
  });

  it('follows, where it begins, what the normaliser has not read yet, and counts everything', async () => {
    const before = await ask();
    await projector.process.stop('SIGTERM', 20_000);
    await installation.rows('TRUNCATE ledger_block, ledger_receipts, ledger_accepted');
    // As after an older normaliser, which left no trace of empty receipts: these are not read again.
    await installation.rows('DELETE FROM ledger_offset WHERE topic <> $1', [installation.topic('ledger.v1')]);
    projector = await installation.start('projector');
    const { verdict, sum } = await ask();
    expect(sum).toMatchObject({
      ...EVEN,
      redriven: 5,
      published: before.sum.published,
      projected: before.sum.projected,
    });
    expect([verdict, sum.empty]).toEqual(['even', 0]);
  });

  it('is not disturbed by what operators do to the rows, and the command prints what it found', async () => {
    const before = await ask();
    const environment = { ...installation.environment, ERASURE_KEY: Buffer.alloc(32, 7).toString('base64') };
    expect((await runOps(environment, ['erase', '--number', '+8613800000001'])).code).toBe(0);
    expect((await runOps(environment, ['reproject'])).code).toBe(0);
    expect(await ask()).toEqual(before);
    const { code, lines } = await runOps(environment, ['ledger', '--source', 'sms-report']);
    expect(lines[0]).toMatch(/^hour +source +accepted +published +normalised +projected +dead letters +empty +where$/);
    // An hour may have begun meanwhile: then there is a line for each.
    const ofHours = lines.filter((line) => /Z +sms-report /.test(line));
    expect(ofHours.filter((line) => !line.endsWith(' even'))).toEqual([]);
    expect(ofHours.filter((line) => line.includes(' (5 redriven) '))).toHaveLength(1);
    expect(code).toBe(0);
  });

  it('takes no position for one of another topic of that name', async () => {
    const store = new LedgerStore(installation.pool);
    const events = installation.topic('events.v1');
    const [row] = await installation.rows('SELECT topic_id FROM projector_offset WHERE topic = $1', [events]);
    const topicId = String(row!.topic_id);
    const known = [await store.read(events, topicId), await store.projected(events, topicId)];
    expect(known.map(({ size }) => size > 0)).toEqual([true, true]);
    expect([await store.read(events, 'another'), await store.projected(events, 'another')]).toEqual([
      new Map(),
      new Map(),
    ]);
  });

  it('names what is missing of a source, however much is missing of others', async () => {
    for (const [source, first, last] of [
      ['others', 0, 1_000],
      ['wanted', 1_001, 1_001],
    ] as const) {
      await installation.rows(
        'INSERT INTO ledger_block (topic_id, partition, block) SELECT $1, 0, generate_series($2::int, $3)',
        ['gone', first, last],
      );
      await installation.rows(
        `INSERT INTO ledger_receipts (topic_id, partition, block, source, hour, redriven, receipts)
          SELECT 'gone', 0, generate_series($2::int, $3), $1, now(), false, B'01'::bit(4096)`,
        [source, first, last],
      );
    }
    const reckoning = { rawTopicId: 'another', normalised: new Map<number, bigint>() };
    const open = await readOpen(installation.pool, reckoning, { range: null, source: 'wanted' }, 1_000);
    expect(open.map(({ source, offsets }) => ({ source, offsets }))).toEqual([
      { source: 'wanted', offsets: [1_001 * 4_096 + 1] },
    ]);
  });
});
