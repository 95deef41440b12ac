/**
 * What libs/kafka promises, on a real broker. Whatever client is behind it one day has to pass this.
 */
import 'reflect-metadata';
import { setTimeout as sleep } from 'node:timers/promises';
import { Controller, Inject, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { TOPICS } from '#contracts';
import {
  BatchConsumer,
  BatchHandler,
  deadLetterRecord,
  GroupCommitProducer,
  groupReaders,
  headerText,
  MAX_RECORD_BYTES,
  PermanentError,
  QueueFullError,
  readTopic,
  RecordTooLargeError,
  setUpTopics,
  topicOffsets,
  TransientError,
  type BatchConsumerOptions,
  type IncomingRecord,
  type OutgoingRecord,
} from '#kafka';
import { ignore, silentLogger } from '../system/silent-logger.js';
import { until } from '../system/until.js';
import { makeTopics, type Topics } from './a-topic.js';

type Handle = (records: readonly IncomingRecord[]) => Promise<void>;
const HANDLE = Symbol('handle');

@Controller()
class EventsController {
  constructor(@Inject(HANDLE) private readonly handle: Handle) {}

  @BatchHandler('events.v1')
  work(records: readonly IncomingRecord[]): Promise<void> {
    return this.handle(records);
  }
}

@Module({})
class EventsModule {}

function event(topics: Topics, key: string | null, value: string | Buffer = key ?? ''): OutgoingRecord {
  return { topic: topics.names['events.v1'], key, value, headers: { name: 'value' } };
}

const text = ({ value }: IncomingRecord) => value!.toString();

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

describe('the consumer', () => {
  let topics: Topics;
  let producer: GroupCommitProducer;
  const running: { close(): Promise<void> }[] = [];

  beforeAll(async () => {
    topics = await makeTopics(3);
    producer = new GroupCommitProducer({ kafka: topics.kafka, logger: silentLogger });
  });

  afterEach(async () => {
    await Promise.all(running.splice(0).map((app) => app.close()));
  });

  afterAll(async () => {
    await producer.close();
  });

  /** A consumer under Nest, as the apps have it, on topics of its own. */
  async function consume(handle: Handle, overrides: Partial<BatchConsumerOptions> = {}) {
    const consumer = new BatchConsumer({
      kafka: topics.kafka,
      logger: silentLogger,
      groupId: `${topics.prefix}group`,
      topicPrefix: topics.prefix,
      concurrency: 2,
      maxRecords: 100,
      probe: () => Promise.resolve(true),
      closeWithin: 10_000,
      onFatal: ignore,
      deadLetter: (record, { code, detail }) =>
        producer.publish(
          deadLetterRecord(topics.names['dead-letters.v1'], record, {
            code,
            detail,
            stage: 'projector',
            element: null,
            value: null,
            reader: 'test',
          }),
        ),
      ...overrides,
    });
    const module = {
      module: EventsModule,
      controllers: [EventsController],
      providers: [{ provide: HANDLE, useValue: handle }],
    };
    const app = await NestFactory.createMicroservice(module, { strategy: consumer, logger: false });
    await app.listen();
    running.push(app);
    return { consumer, close: () => app.close() };
  }

  async function fresh(count: number): Promise<string[]> {
    topics = await makeTopics(3);
    const values = Array.from({ length: count }, (_, at) => `v${at}`);
    await producer.publishAll(values.map((value) => event(topics, value)));
    return values;
  }

  it('hands over everything from the beginning, in batches of one partition each, in order', async () => {
    const values = await fresh(1_000);
    const seen: string[] = [];
    await consume((records) => {
      expect(new Set(records.map(({ partition }) => partition)).size).toBe(1);
      expect(records.length).toBeLessThanOrEqual(100);
      const offsets = records.map(({ offset }) => Number(offset));
      expect(offsets).toEqual(offsets.toSorted((a, b) => a - b));
      seen.push(...records.map(text));
      return Promise.resolve();
    });
    await until('all are seen', () => seen.length >= values.length);
    expect(seen.toSorted()).toEqual(values.toSorted());
  });

  it('goes on where it was when it starts again', async () => {
    const values = await fresh(300);
    const first: string[] = [];
    const one = await consume((records) => {
      first.push(...records.map(text));
      return Promise.resolve();
    });
    await until('all are seen', () => first.length === values.length);
    await one.close();

    const second: string[] = [];
    await consume((records) => {
      second.push(...records.map(text));
      return Promise.resolve();
    });
    await producer.publish(event(topics, 'new'));
    await until('the new one is seen', () => second.includes('new'));
    expect(second).toEqual(['new']);
  });

  it('commits nothing that is not done: another process gets it again', async () => {
    await fresh(1);
    let attempts = 0;
    const stuck = await consume(() => {
      attempts += 1;
      return Promise.reject(new TransientError('what it needs is away'));
    });
    await until('it has tried more than once', () => attempts > 1);
    await stuck.close();

    const seen: string[] = [];
    await consume((records) => {
      seen.push(...records.map(text));
      return Promise.resolve();
    });
    await until('it is seen', () => seen.length === 1);
  });

  it('does not do again what is done, nor puts aside again, when later records of the same batch have to wait', async () => {
    topics = await makeTopics(1);
    await producer.publishAll(Array.from({ length: 300 }, (_, at) => event(topics, `v${at}`)));
    const times = new Map<string, number>();
    let refusals = 0;
    await consume((records) => {
      if (records.some((record) => text(record) === 'v201')) {
        return Promise.reject(new PermanentError('EVENT_INVALID', 'poison'));
      }
      // Longer than a batch is held: it is given back, and fetched again after a rest.
      if (records.some((record) => text(record) === 'v250') && refusals++ < 12) {
        return Promise.reject(new TransientError('what it needs is away'));
      }
      for (const record of records) times.set(text(record), (times.get(text(record)) ?? 0) + 1);
      return Promise.resolve();
    });
    await until('all the others are done', () => times.size === 299);
    expect(refusals).toBeGreaterThanOrEqual(12);
    expect([...times].filter(([, count]) => count !== 1)).toEqual([]);
    expect((await readTopic(topics.kafka, topics.names['dead-letters.v1'])).map(text)).toEqual(['v201']);
  });

  it('puts a poison record aside as a dead letter, whole, and does all the others', async () => {
    const values = await fresh(500);
    const poison = new Set(['v7', 'v8', 'v250', 'v499']);
    const done = new Set<string>();
    await consume((records) => {
      if (records.some((record) => poison.has(text(record)))) {
        return Promise.reject(new PermanentError('EVENT_INVALID', 'poison'));
      }
      for (const record of records) done.add(text(record));
      return Promise.resolve();
    });
    await until('the others are done', () => done.size === values.length - poison.size);
    const letters = async () => readTopic(topics.kafka, topics.names['dead-letters.v1']);
    await until('the poison is put aside', async () => (await letters()).length === poison.size);
    for (const letter of await letters()) {
      expect(poison.has(text(letter))).toBe(true);
      expect(headerText(letter, 'dead-letter-code')).toBe('EVENT_INVALID');
      expect(headerText(letter, 'dead-letter-detail')).toBe('poison');
      expect(headerText(letter, 'dead-letter-origin')).toMatch(new RegExp(`^${topics.names['events.v1']}/\\d/\\d+$`));
      expect(headerText(letter, 'name')).toBe('value');
    }
  });

  it('goes on with other partitions while one cannot go on, however long that takes', async () => {
    await fresh(0);
    const seen = new Set<string>();
    let attempts = 0;
    const { consumer } = await consume((records) => {
      if (records.some((record) => text(record) === 'stuck')) {
        attempts += 1;
        return Promise.reject(new TransientError('a row that somebody holds'));
      }
      for (const record of records) seen.add(text(record));
      return Promise.resolve();
    });
    await producer.publish(event(topics, 'stuck'));
    await until('one is stuck', () => attempts > 0);
    for (let round = 0; round < 4; round++) {
      const before = attempts;
      await producer.publishAll(Array.from({ length: 12 }, (_, at) => event(topics, `round-${round}-${at}`)));
      const records = await readTopic(topics.kafka, topics.names['events.v1']);
      const stuckIn = records.find((record) => text(record) === 'stuck')!.partition;
      const others = records.filter(({ partition }) => partition !== stuckIn);
      expect(others.length).toBeGreaterThan(round);
      await until('the others are done', () => others.every((record) => seen.has(text(record))));
      await until('the stuck one is tried again', () => attempts > before);
    }
    expect(seen.has('stuck')).toBe(false);
    expect(consumer.health().detail).not.toContain('died');
  });

  it('tells how late it is, above all while it is stuck, and no more of partitions that it has lost', async () => {
    const values = await fresh(90);
    let go!: () => void;
    const gone = new Promise<void>((resolve) => (go = resolve));
    const { consumer } = await consume(() => gone, { lagLookEvery: 200 });
    const lag = () => consumer.progress()[0]!;
    await until('all that waits is known', () => lag().lagRecords === values.length);
    // Nothing ends, nothing fails, nothing is fetched: it is seen all the same.
    const before = lag().lagSeconds;
    await producer.publishAll(Array.from({ length: 10 }, () => event(topics, 'later')));
    await until('what came later is known', () => lag().lagRecords === values.length + 10);
    await until('it gets older', () => lag().lagSeconds > before + 0.5);
    expect(lag()).toMatchObject({ topic: 'events.v1', partitions: 3, done: 0 });

    const other = await consume(() => Promise.resolve(), { lagLookEvery: 200 });
    go();
    const both = () => [lag(), other.consumer.progress()[0]!];
    const sum = (what: 'lagRecords' | 'lagSeconds' | 'done' | 'partitions') =>
      both().reduce((total, each) => total + each[what], 0);
    await until('partitions are dealt anew', () => both().every(({ partitions }) => partitions > 0));
    await until('all is done', () => sum('lagRecords') === 0 && sum('done') >= values.length + 10);
    expect([sum('partitions'), sum('lagSeconds')]).toEqual([3, 0]);
  });

  it('is not late with what is done, where only its own store knows that', async () => {
    await fresh(90);
    const ends = await topicOffsets(topics.kafka, topics.names['events.v1']);
    const startPosition = (_topic: string, partition: number) => Promise.resolve(String(ends.get(partition)!.high));
    const { consumer } = await consume(() => Promise.resolve(), { startPosition, lagLookEvery: 200 });
    await until('it has its partitions', () => consumer.progress()[0]!.partitions === 3);
    await sleep(1_500);
    expect(consumer.progress()[0]).toMatchObject({ lagRecords: 0, lagSeconds: 0, done: 0 });
  });

  it('tells its group what it reads with, beside members that tell nothing', async () => {
    const values = await fresh(30);
    const seen = new Set<string>();
    const handle: Handle = (records) => {
      for (const record of records) seen.add(text(record));
      return Promise.resolve();
    };
    const readers = () => groupReaders(topics.kafka, `${topics.prefix}group`, topics.names['events.v1']);
    expect([...(await readers())]).toEqual([]);
    await consume(handle, { reader: '1.2.3/0a1b' });
    await until('it tells', async () => (await readers()).has('1.2.3/0a1b'));
    await consume(handle);
    await until('both are members', async () => (await readers()).size === 2);
    expect([...(await readers())].sort()).toEqual(['', '1.2.3/0a1b']);
    await until('all are seen', () => seen.size === values.length);
    expect([...(await groupReaders(topics.kafka, `${topics.prefix}group`, topics.names['submissions.v1']))]).toEqual(
      [],
    );
  });

  it('tells it when that changes, once, whether it is in the group by then or not', async () => {
    topics = await makeTopics(3);
    let joins = 0;
    const info = (_fields: object, message: string): void => {
      if (message === 'kafka.group-joined') joins += 1;
    };
    const seen: string[] = [];
    const handle: Handle = (records) => Promise.resolve(void seen.push(...records.map(text)));
    const { consumer } = await consume(handle, { reader: 'first', logger: { ...silentLogger, info } });
    const readers = async () => [
      ...(await groupReaders(topics.kafka, `${topics.prefix}group`, topics.names['events.v1'])),
    ];
    consumer.readsWith('second');
    await until('it has joined with that', async () => (await readers()).join() === 'second');
    await producer.publish(event(topics, 'one'));
    await until('it reads', () => seen.length === 1);
    // Longer than from one heartbeat to the next.
    await sleep(3_000);
    expect(joins).toBe(1);

    consumer.readsWith('third');
    consumer.readsWith('fourth');
    await until('it has joined with the last', async () => (await readers()).join() === 'fourth');
    await producer.publish(event(topics, 'two'));
    await until('it goes on', () => seen.length === 2);
    await sleep(3_000);
    expect([joins, consumer.health().healthy]).toEqual([2, true]);
  });

  it.each([TypeError, RangeError, SyntaxError])(
    'survives a %p of the handler, which would end the client below it',
    async (Fault) => {
      const values = await fresh(50);
      const done = new Set<string>();
      const { consumer } = await consume((records) => {
        if (records.some((record) => text(record) === 'v20')) return Promise.reject(new Fault('a fault of ours'));
        for (const record of records) done.add(text(record));
        return Promise.resolve();
      });
      await until('the others are done', () => done.size === values.length - 1);
      await until('it is put aside', async () => {
        const letters = await readTopic(topics.kafka, topics.names['dead-letters.v1']);
        return letters.some((letter) => headerText(letter, 'dead-letter-code') === 'UNEXPLAINED');
      });
      expect(consumer.health().healthy).toBe(true);
    },
  );

  it('reads from the stored position, whatever the group has committed', async () => {
    const values = await fresh(300);
    const offsets = await topicOffsets(topics.kafka, topics.names['events.v1']);
    const half = new Map([...offsets].map(([partition, { high }]) => [partition, high / 2n]));
    const expected = (await readTopic(topics.kafka, topics.names['events.v1'], half)).map(text);
    expect(expected.length).toBeLessThan(values.length);
    const seen: string[] = [];
    await consume(
      (records) => {
        seen.push(...records.map(text));
        return Promise.resolve();
      },
      { startPosition: (_topic, partition) => Promise.resolve(String(half.get(partition))) },
    );
    await until('everything from there on is seen', () => seen.length === expected.length);
    expect(seen.toSorted()).toEqual(expected.toSorted());
  });

  it('begins at the beginning where nothing is stored, also with offsets that the group has committed', async () => {
    const values = await fresh(100);
    const first: string[] = [];
    const one = await consume((records) => {
      first.push(...records.map(text));
      return Promise.resolve();
    });
    await until('all are seen and committed', () => first.length === values.length);
    await one.close();

    // No new record comes: being assigned the partitions must be enough.
    const second: string[] = [];
    let asked = 0;
    await consume(
      (records) => {
        second.push(...records.map(text));
        return Promise.resolve();
      },
      // Also where the positions cannot be asked for at first.
      { startPosition: () => (asked++ < 3 ? Promise.reject(new TransientError('away')) : Promise.resolve(null)) },
    );
    await until('all are seen again', () => second.length >= values.length);
  });

  it('stops for good, and says so, when the stored position lies outside the topic', async () => {
    await fresh(10);
    const fatal: Error[] = [];
    const seen: string[] = [];
    const { consumer } = await consume(
      (records) => {
        seen.push(...records.map(text));
        return Promise.resolve();
      },
      { startPosition: () => Promise.resolve('1000000'), onFatal: (error) => fatal.push(error) },
    );
    await until('it has given up', () => fatal.length > 0);
    expect(fatal[0]!.name).toBe('PositionOutsideLogError');
    expect(consumer.health().healthy).toBe(false);
    expect(seen).toEqual([]);
  });

  it('shares the partitions with a second process and loses nothing when one leaves', async () => {
    const values = await fresh(600);
    const seen = new Set<string>();
    const slowly: Handle = async (records) => {
      await new Promise((resolve) => setTimeout(resolve, 5));
      for (const record of records) seen.add(text(record));
    };
    const one = await consume(slowly, { maxRecords: 5 });
    await consume(slowly, { maxRecords: 5 });
    await until('some are seen', () => seen.size > 50);
    await one.close();
    await until('all are seen', () => seen.size === values.length);
  });
});
