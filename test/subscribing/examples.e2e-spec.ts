/**
 * The examples of docs/subscribing.md, run as a reader would run them, on what Quittance publishes and on what its
 * contract allows: repetitions, old revisions, further fields, values and types, tombstones, and records that nobody
 * can read.
 */
import { randomUUID } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { GroupCommitProducer, type IncomingRecord, type OutgoingRecord } from '#kafka';
import { REPOSITORY } from '../../dev/places.js';
import { Installation, push } from '../system/installation.js';
import { smsReport } from '../system/receipts.js';
import { silentLogger } from '../system/silent-logger.js';
import { until } from '../system/until.js';
import { runStep } from '../toolchains/run-step.js';
import { buildExamples, type ExampleProgram } from './example-programs.js';
import { regionOf } from './embedded-code.js';
import { startExample, type AcceptedChange, type ExampleRun } from './example-run.js';
import { again, changeOf, like } from './subscriber-records.js';

const TOPIC = 'message-status.v1';
/** More than an example can write with a full disk. */
const MANY = 2_000;

const built = Object.entries(await buildExamples());
const missing = built.flatMap(([language, it]) => ('missing' in it ? [{ language, why: it.missing }] : []));
const examples = built.flatMap(([language, it]) => ('missing' in it ? [] : [{ language, program: it }]));
const python = examples.find(({ language }) => language === 'Python')?.program.command;

for (const { language, why } of missing) {
  it(`the example in ${language} IS NOT TESTED HERE: ${why}`, () => {
    process.stderr.write(`The example in ${language} is not tested here: ${why}\n`);
    expect(why).not.toBe('');
  });
}

// A table of nothing is an error to Jest.
(examples.length > 0 ? describe : () => undefined)('the examples', () => {
  const directory = mkdtempSync(join(tmpdir(), 'quittance-subscribing-'));
  const runs: ExampleRun[] = [];
  const two = [smsReport({ success: false, err_code: 'REQUEST_SUCCESS' })];
  two.push({ ...two[0]!, success: true, err_code: 'DELIVERED' });
  const failed = smsReport({ success: false, err_code: 'MOBILE_NOT_ON_SERVICE' });
  let installation: Installation;
  let producer: GroupCommitProducer;
  let expected: Record<string, AcceptedChange[]>;
  let atFirst: number;
  let delivered: IncomingRecord;

  beforeAll(async () => {
    installation = await Installation.create();
    producer = new GroupCommitProducer({ kafka: installation.kafka, logger: silentLogger });
    const { ingress } = await installation.startAll();
    for (const body of [two, [failed]]) {
      expect(await push(ingress, 'sms-report', JSON.stringify(body))).toMatchObject({ status: 200 });
    }
    await until('the changes are published', async () => (await installation.records(TOPIC)).length === 3);
    const published = await installation.records(TOPIC);
    const [first, second] = published.filter((record) => changeOf(record).reference === two[0]!.out_id);
    const other = published.find((record) => changeOf(record).reference === failed.out_id)!;
    delivered = second!;
    const segments = { total: null, delivered: 0, failed: 0, pending: 0, lost: 0 };
    await write([
      again(delivered),
      like(first!, {}),
      like(delivered, { revision: 3, segments, aLaterField: { a: [1] } }, { ce_laterextension: 'x' }),
      like(delivered, { revision: 4, status: 'teleported' }),
      like(delivered, { revision: 99 }, { ce_type: 'io.quittance.message.status-changed.v2' }),
      like(delivered, { anything: 1 }, { ce_type: 'io.quittance.message.archived.v1' }),
      { ...again(delivered), value: 'not json' },
      { ...again(delivered), headers: {} },
      like(delivered, { revision: '99' }),
      like(delivered, { revision: 5, status: 'read' }),
    ]);
    if (python !== undefined) {
      const script = join(import.meta.dirname, 'write-tombstone.py');
      const topic = installation.topic(TOPIC);
      await runStep('tombstone', python, [script, process.env.TEST_KAFKA_BROKERS!, topic, delivered.key!.toString()]);
      await write([like(first!, {})]);
    }
    atFirst = (await installation.records(TOPIC)).length;

    const told = { key: delivered.key!.toString(), reference: two[0]!.out_id, messageId: two[0]!.biz_id };
    const pending = { ...told, revision: 1, status: 'pending', final: false };
    expected = {
      [told.key]: [
        pending,
        { ...told, revision: 2, status: 'delivered', final: true },
        { ...told, revision: 3, status: 'delivered', final: true },
        { ...told, revision: 4, status: 'unknown', final: true },
        { ...told, revision: 5, status: 'read', final: true },
        ...(python === undefined ? [] : [pending]),
      ],
      [other.key!.toString()]: [
        {
          key: other.key!.toString(),
          revision: 1,
          status: 'failed',
          final: true,
          reference: failed.out_id,
          messageId: failed.biz_id,
        },
      ],
    };
  }, 120_000);

  afterAll(async () => {
    await Promise.all(runs.map((run) => run.stop()));
    await producer.close();
    await installation.stop();
    rmSync(directory, { recursive: true, force: true });
  }, 60_000);

  /** One after the other: their order is what this is about. */
  async function write(records: readonly OutgoingRecord[]): Promise<void> {
    for (const record of records) await producer.publish(record);
  }

  async function start(program: ExampleProgram, group: string, settings: Readonly<Record<string, string>> = {}) {
    const environment = {
      KAFKA_BROKERS: process.env.TEST_KAFKA_BROKERS!,
      TOPIC_PREFIX: installation.topic(TOPIC).slice(0, -TOPIC.length),
      GROUP_ID: group,
      ...settings,
    };
    const run = await startExample(program, environment, join(directory, `${runs.length}.log`));
    runs.push(run);
    return run;
  }

  /** Runs an example until it has read so many records. */
  async function read(program: ExampleProgram, group: string, records: number): Promise<ExampleRun> {
    const run = await start(program, group, { STOP_AFTER: String(records) });
    expect({ exit: await run.exited, log: run.log() }).toMatchObject({ exit: { code: 0 } });
    return run;
  }

  it.each(examples)('in $language takes for news exactly what is', async ({ language, program }) => {
    const run = await read(program, `first-${language}`, atFirst);
    expect(Object.groupBy(run.accepted(), ({ key }) => key)).toEqual(expected);
    expect(run.counts()).toEqual({
      read: atFirst,
      counts: {
        accepted: Object.values(expected).flat().length,
        duplicate: 1,
        old: 1,
        otherType: 2,
        unreadable: 3,
        ...(python === undefined ? {} : { tombstone: 1 }),
      },
    });
  });

  describe('started again', () => {
    beforeAll(() => write([like(delivered, { revision: 6 })]));

    it.each(examples)('in $language goes on where it stopped', async ({ language, program }) => {
      const run = await read(program, `first-${language}`, 1);
      expect(run.accepted().map(({ revision }) => revision)).toEqual([6]);
    });
  });

  it('and the table for both rules lets through what is newer, and nothing else', async () => {
    const sql = readFileSync(join(REPOSITORY, 'examples', 'newest-revision.sql'), 'utf8');
    await installation.rows(regionOf(sql, 'table'));
    const key = randomUUID();
    const news: boolean[] = [];
    for (const revision of [1, 3, 3, 2, 4]) {
      const rows = await installation.rows(regionOf(sql, 'upsert'), [key, revision, `status ${revision}`, null]);
      news.push(rows.length === 1);
    }
    expect(news).toEqual([true, true, false, false, true]);
    expect(await installation.rows('SELECT revision, status FROM message_seen')).toEqual([
      { revision: 4, status: 'status 4' },
    ]);

    // Quittance has deleted its row since, and counts from the beginning.
    await installation.rows(`UPDATE message_seen SET seen_at = now() - interval '15 days'`);
    const reborn = [];
    for (const revision of [1, 1, 2]) {
      reborn.push((await installation.rows(regionOf(sql, 'upsert'), [key, revision, 'late', null])).length);
    }
    expect(reborn).toEqual([1, 0, 1]);
  });

  describe('whose effect fails in the middle of their work', () => {
    const keys = Array.from({ length: MANY }, () => randomUUID());

    beforeAll(() =>
      producer.publishAll(
        keys.map((key) => ({ ...like(delivered, { messageKey: key, revision: 1 }, { ce_subject: key }), key })),
      ),
    );

    async function failAndStartAgain({ language, program }: (typeof examples)[number]): Promise<void> {
      const group = `failing-${language}`;
      const failing = await start(withFullDisk(program), group);
      expect(await failing.exited).not.toMatchObject({ code: 0 });
      const before = failing.accepted().map(({ key }) => key);
      expect(before.length).toBeLessThan(MANY);
      const second = await start(program, group);
      await until(`every message is known in ${language}`, () => {
        const known = new Set([...before, ...second.accepted().map(({ key }) => key)]);
        return keys.every((key) => known.has(key));
      });
      await second.stop();
      expect(second.counts()?.counts.accepted).toBe(second.accepted().length);
    }

    // Together, because Kafka waits for a member that has died.
    it('they do all of it when they are started again, and end when asked', () =>
      Promise.all(examples.map(failAndStartAgain)));
  });
});

/** The program with a bound for what it may write: after some hundred lines it cannot have its effect. */
function withFullDisk({ command, args }: ExampleProgram): ExampleProgram {
  return { command: 'sh', args: ['-c', 'ulimit -f 100; exec "$@"', 'sh', command, ...args] };
}
