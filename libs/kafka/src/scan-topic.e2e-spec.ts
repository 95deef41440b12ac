import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { makeTopics, type Topics } from '../../../test/kafka/a-topic.js';
import { runOps } from '../../../test/operations/run-ops.js';
import type { AppProcess } from '../../../test/system/app-process.js';
import { header, Installation, push } from '../../../test/system/installation.js';
import { smsReport } from '../../../test/system/receipts.js';
import { silentLogger } from '../../../test/system/silent-logger.js';
import { until } from '../../../test/system/until.js';
import { abortTransaction } from './abort-transaction-for-tests.js';
import { cutTopic } from './cut-topic-for-tests.js';
import { GroupCommitProducer } from './group-commit-producer.js';
import { readTopic } from './read-topic.js';
import { scanTopic, type ScanOptions } from './scan-topic.js';
import type { Stretch } from './stretches.js';
import { offsetsSince, topicOffsets } from './topic-offsets.js';
import { TopicReader } from './topic-reader.js';

describe('scanning a topic', () => {
  let topics: Topics;
  let topic: string;

  beforeAll(async () => {
    topics = await makeTopics(2);
    topic = topics.names['events.v1'];
    const producer = new GroupCommitProducer({ kafka: topics.kafka, logger: silentLogger });
    const records = Array.from({ length: 100 }, (_, at) => ({
      topic,
      key: String(at),
      value: String(at),
      headers: {},
    }));
    await producer.publishAll(records);
    await producer.close();
  });

  async function scan(options: Partial<ScanOptions> = {}): Promise<string[]> {
    const seen: string[] = [];
    const offsets = await topicOffsets(topics.kafka, topic);
    await scanTopic({
      kafka: topics.kafka,
      topic,
      stretches: new Map([...offsets].map(([partition, { low, high }]) => [partition, { from: low, to: high }])),
      maxRecords: 7,
      signal: new AbortController().signal,
      ...options,
      handle: async (records) => {
        expect(records.length).toBeLessThanOrEqual(options.maxRecords ?? 7);
        seen.push(...records.map(({ partition, offset }) => `${partition}/${offset}`));
        await options.handle?.(records);
      },
    });
    return seen;
  }

  it('hands over every record once, each partition in its order', async () => {
    const seen = await scan();
    expect(new Set(seen).size).toBe(100);
    expect(seen).toHaveLength(100);
    for (const partition of ['0/', '1/']) {
      const offsets = seen.filter((name) => name.startsWith(partition)).map((name) => Number(name.slice(2)));
      expect(offsets).toEqual(offsets.toSorted((a, b) => a - b));
    }
  });

  it('hands over what lies in the stretches, and nothing else', async () => {
    const stretches = new Map<number, Stretch>([
      [0, { from: 3n, to: 5n }],
      [1, { from: 4n, to: 4n }],
    ]);
    expect(await scan({ stretches })).toEqual(['0/3', '0/4']);
    expect(await scan({ stretches: new Map() })).toEqual([]);
  });

  it('ends with what its handler throws, or after what is in hand when it is stopped', async () => {
    await expect(scan({ handle: () => Promise.reject(new Error('enough')) })).rejects.toThrow('enough');
    const stopping = new AbortController();
    const stopped = await scan({
      stretches: new Map([[0, { from: 0n, to: 20n }]]),
      signal: stopping.signal,
      handle: () => {
        stopping.abort();
        return Promise.resolve();
      },
    });
    expect(stopped).toHaveLength(7);
  });

  it('knows where a time begins', async () => {
    const offsets = await topicOffsets(topics.kafka, topic);
    const highs = new Map([...offsets].map(([partition, { high }]) => [partition, high]));
    const lows = new Map([...offsets].map(([partition, { low }]) => [partition, low]));
    expect(await offsetsSince(topics.kafka, topic, Date.now() + 60_000)).toEqual(highs);
    expect(await offsetsSince(topics.kafka, topic, Date.now() - 3_600_000)).toEqual(lows);
  });

  describe('by a reader that stays', () => {
    let reader: TopicReader;
    beforeAll(() => {
      reader = new TopicReader(topics.kafka);
    });
    afterAll(() => reader.close());

    async function read(stretches: Iterable<readonly [number, Stretch]>): Promise<string[]> {
      const names: string[] = [];
      for await (const records of reader.read(topic, new Map(stretches))) {
        names.push(...records.map(({ partition, offset }) => `${partition}/${offset}`));
      }
      return names.sort();
    }

    it('gives a record by its position, and nothing where none is', async () => {
      const [first] = (await readTopic(topics.kafka, topic)).filter(({ partition }) => partition === 1);
      const record = await reader.at(topic, 1, 0n);
      expect([record?.key, record?.value, record?.timestamp]).toEqual([first!.key, first!.value, first!.timestamp]);
      const { high } = (await reader.offsets(topic)).get(1)!;
      expect(await reader.at(topic, 1, high)).toBeNull();
      expect(await reader.at(topic, 77, 0n)).toBeNull();
    });

    it('gives what lies in the stretches of several partitions, once', async () => {
      const offsets = await reader.offsets(topic);
      expect(offsets).toEqual(await topicOffsets(topics.kafka, topic));
      const all = await read(
        [...offsets].map(([partition, { low, high }]) => [partition, { from: low, to: high + 9n }]),
      );
      expect(all).toHaveLength(100);
      expect(new Set(all).size).toBe(100);
      expect(await read([[0, { from: 3n, to: 5n }]])).toEqual(['0/3', '0/4']);
    });

    it('knows where a time begins', async () => {
      for (const time of [Date.now() + 60_000, Date.now() - 3_600_000]) {
        expect(await reader.offsetsSince(topic, time)).toEqual(await offsetsSince(topics.kafka, topic, time));
      }
    });

    it('passes over what was aborted, and over what has been removed', async () => {
      await abortTransaction(topics.kafka, topic);
      const { high } = (await reader.offsets(topic)).get(0)!;
      expect(await read([[0, { from: high - 2n, to: high }]])).toEqual([]);
      await cutTopic(topics.kafka, topic, 1, 2n);
      expect(await read([[1, { from: 0n, to: 4n }]])).toEqual(['1/2', '1/3']);
      expect(await reader.at(topic, 1, 0n)).toBeNull();
    });

    it('goes on behind what is removed while it reads, and says so', async () => {
      const large = topics.names['submissions.v1'];
      const producer = new GroupCommitProducer({ kafka: topics.kafka, logger: silentLogger });
      // More than one fetch brings.
      const value = Buffer.alloc(100_000);
      await producer.publishAll(Array.from({ length: 20 }, () => ({ topic: large, key: 'one', value, headers: {} })));
      await producer.close();
      const [partition] = [...(await reader.offsets(large))].find(([, { high }]) => high > 0n)!;
      const stretches = new Map([[partition, { from: 0n, to: 20n }]]);
      const [seen, removed]: [string[], unknown[]] = [[], []];
      for await (const records of reader.read(large, stretches, (...what) => removed.push(what))) {
        if (seen.length === 0) await cutTopic(topics.kafka, large, partition, 18n);
        seen.push(...records.map(({ offset }) => offset));
      }
      expect(seen.slice(-2)).toEqual(['18', '19']);
      expect(removed).toEqual([[partition, { from: BigInt(seen.length - 2), to: 18n }]]);
    });
  });

  it('does not wait for what was never said: a transaction that was aborted at the end', async () => {
    await abortTransaction(topics.kafka, topic);
    const { high } = (await topicOffsets(topics.kafka, topic)).get(0)!;
    expect(await scan()).toHaveLength(98);
    expect(await scan({ stretches: new Map([[0, { from: high - 2n, to: high }]]) })).toEqual([]);
    expect(await readTopic(topics.kafka, topic)).toHaveLength(98);
  });

  it('does not wait for what has been removed', async () => {
    const { high } = (await topicOffsets(topics.kafka, topic)).get(0)!;
    await cutTopic(topics.kafka, topic, 0, high);
    expect(await scan({ stretches: new Map([[0, { from: 0n, to: high }]]) })).toEqual([]);
  });
});

describe('verifying when the topic has lost its beginning', () => {
  let installation: Installation;
  let ingress: AppProcess;

  beforeAll(async () => {
    installation = await Installation.create();
    ({ ingress } = await installation.startAll());
  }, 120_000);

  afterAll(async () => {
    await installation.stop();
  }, 60_000);

  it('still finds what is missing, and says what it could not compare', async () => {
    const ops = (...args: string[]) => runOps(installation.environment, args);
    const report = smsReport();
    const others = Array.from({ length: 30 }, () => smsReport());
    const pending = { ...report, success: false, err_code: 'REQUEST_SUCCESS' };
    for (const body of [others, [pending], [report]]) {
      expect((await push(ingress, 'sms-report', JSON.stringify(body))).status).toBe(200);
    }
    const select = `SELECT message_key, facts::text FROM message WHERE reference = '${report.out_id}'`;
    await until('both reports are there', async () => {
      const [row] = await installation.rows(select);
      return row !== undefined && (JSON.parse(row.facts as string) as unknown[]).length === 2;
    });
    await installation.untilRows(31, 'SELECT 1 FROM message');
    const [before] = await installation.rows(select);
    const events = await installation.records('events.v1');
    const last = events.findLast((event) => header(event, 'ce_subject') === before!.message_key)!;
    await cutTopic(installation.kafka, installation.topic('events.v1'), last.partition, BigInt(last.offset));

    // Rows of other partitions, and rows that still have all their events, are compared whole.
    const whole = await ops('verify');
    expect(whole.code).toBe(0);
    const [, compared, older] = /: (\d+) rows compared, (\d+) are older/.exec(whole.lines[0]!)!.map(Number);
    expect(compared).toBeGreaterThan(0);
    expect(older).toBeGreaterThan(0);

    await installation.rows(
      `UPDATE message SET facts = (SELECT json_agg(fact) FROM json_array_elements(facts) AS fact WHERE fact->>'id' <> $2)
        WHERE message_key = $1`,
      [before!.message_key, header(last, 'ce_id')],
    );
    const found = await ops('verify');
    expect(found.code).toBe(1);
    expect(found.lines).toContain(`message ${before!.message_key as string} facts: 1 facts of the topic are missing`);
    expect((await ops('reproject')).code).toBe(0);
    expect((await installation.rows(select))[0]).toEqual(before);

    // Where a partition is empty, only its own rows cannot be compared; where all are, none can, and that is not "equal".
    const empty = async (partition: number): Promise<void> => {
      const topic = installation.topic('events.v1');
      const { high } = (await topicOffsets(installation.kafka, topic)).get(partition)!;
      await cutTopic(installation.kafka, topic, partition, high);
    };
    await empty(last.partition);
    expect((await ops('verify')).code).toBe(0);
    for (const partition of [0, 1, 2]) await empty(partition);
    expect((await ops('verify')).code).toBe(2);
    expect((await ops('verify', '--stored')).lines.at(-1)).toBe('equal');
  });
});
