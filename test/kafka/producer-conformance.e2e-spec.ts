/** What the producer of libs/kafka and the set-up of topics promise, on a real broker. Whatever client is behind them one day has to pass this. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { TOPICS } from '#contracts';
import {
  GroupCommitProducer,
  headerText,
  MAX_RECORD_BYTES,
  QueueFullError,
  readTopic,
  RecordTooLargeError,
  setUpTopics,
  topicOffsets,
} from '#kafka';
import { silentLogger } from '../system/silent-logger.js';
import { event, makeTopics, text, type Topics } from './a-topic.js';

describe('the producer', () => {
  let topics: Topics;
  let producer: GroupCommitProducer;

  beforeAll(async () => {
    topics = await makeTopics(3);
    producer = new GroupCommitProducer({ kafka: topics.kafka, logger: silentLogger });
  });

  afterAll(async () => {
    await producer.close();
  });

  it('has every record in the topic once its promise resolves: bytes, key and headers as given', async () => {
    const value = Buffer.from([0, 255, 10, 13, 128]);
    await producer.publish({
      topic: topics.names['raw-receipts.v1'],
      key: null,
      value,
      headers: { 'receipt-id': 'ü', empty: '', bytes: Buffer.from([1, 0]) },
    });
    const [record] = await readTopic(topics.kafka, topics.names['raw-receipts.v1']);
    expect(record).toMatchObject({ key: null, value });
    expect(headerText(record!, 'receipt-id')).toBe('ü');
    expect(headerText(record!, 'empty')).toBe('');
    expect(record!.headers.bytes).toEqual(Buffer.from([1, 0]));
  });

  it('keeps an empty value apart from none', async () => {
    const topic = topics.names['submissions.v1'];
    await producer.publish({ topic, key: 'k', value: Buffer.alloc(0), headers: {} });
    expect((await readTopic(topics.kafka, topic))[0]!.value).toEqual(Buffer.alloc(0));
  });

  it('puts equal keys into one partition, in the order of publishing, and spreads what has no key', async () => {
    const keyed = Array.from({ length: 2_000 }, (_, at) => event(topics, `key-${at % 50}`, String(at)));
    await Promise.all(keyed.map((record) => producer.publish(record)));
    for (let n = 0; n < 12; n++) await producer.publish(event(topics, null, 'spread'));

    const records = await readTopic(topics.kafka, topics.names['events.v1']);
    const partitions = new Map<string, Set<number>>();
    const last = new Map<string, number>();
    for (const record of records.filter(({ key }) => key !== null)) {
      const key = record.key!.toString();
      partitions.set(key, (partitions.get(key) ?? new Set()).add(record.partition));
      expect(Number(text(record))).toBeGreaterThan(last.get(key) ?? -1);
      last.set(key, Number(text(record)));
    }
    expect([...partitions.values()].every(({ size }) => size === 1)).toBe(true);
    const spread = new Set(records.filter((record) => text(record) === 'spread').map(({ partition }) => partition));
    expect(spread.size).toBe(3);
    expect(records).toHaveLength(2_012);
  });

  it('takes the largest record, and refuses a larger one alone', async () => {
    const topic = topics.names['dead-letters.v1'];
    const large = Buffer.alloc(MAX_RECORD_BYTES - 200);
    const results = await Promise.allSettled([
      producer.publish({ topic, key: 'a', value: 'before', headers: {} }),
      producer.publish({ topic, key: 'a', value: Buffer.alloc(MAX_RECORD_BYTES), headers: {} }),
      producer.publish({ topic, key: 'a', value: large, headers: {} }),
    ]);
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect((results[1] as PromiseRejectedResult).reason).toBeInstanceOf(RecordTooLargeError);
  });

  it('refuses at once when its queue is full, and takes records again when it is not', async () => {
    const small = new GroupCommitProducer({ kafka: topics.kafka, logger: silentLogger, maxQueuedRecords: 10 });
    const results = await Promise.allSettled(
      Array.from({ length: 50 }, (_, at) => small.publish(event(topics, 'full', String(at)))),
    );
    const refused = results.filter((result) => result.status === 'rejected');
    expect(refused).toHaveLength(40);
    expect(refused.every(({ reason }) => reason instanceof QueueFullError)).toBe(true);
    await small.publish(event(topics, 'full', 'again'));
    await small.close();
  });

  it('publishes what is queued when it is closed, and refuses afterwards', async () => {
    const closing = new GroupCommitProducer({ kafka: topics.kafka, logger: silentLogger });
    const before = (await readTopic(topics.kafka, topics.names['events.v1'])).length;
    const published = Promise.all(Array.from({ length: 700 }, (_, at) => closing.publish(event(topics, `${at}`))));
    await closing.close();
    await published;
    expect((await readTopic(topics.kafka, topics.names['events.v1'])).length).toBe(before + 700);
    await expect(closing.publish(event(topics, 'late'))).rejects.toThrow(QueueFullError);
  });
});

describe('topic set-up', () => {
  it('may run again, and several at once', async () => {
    const topics = await makeTopics(3);
    const again = { kafka: topics.kafka, logger: silentLogger, topicPrefix: topics.prefix, replication: 1 };
    const results = await Promise.all([setUpTopics(again), setUpTopics(again)]);
    for (const { created, present } of results) expect([created.length, present.length]).toEqual([0, TOPICS.length]);
    expect((await topicOffsets(topics.kafka, topics.names['events.v1'])).size).toBe(3);

    const other = { ...again, topicPrefix: `x${topics.prefix}`, maxPartitions: 1 };
    await Promise.all([setUpTopics(other), setUpTopics(other), setUpTopics(other)]);
    expect((await setUpTopics(other)).created).toEqual([]);
  });
});
