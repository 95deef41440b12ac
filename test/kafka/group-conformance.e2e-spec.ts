/** What the consumer of libs/kafka promises about positions, lag and its group, on a real broker. Whatever client is behind it one day has to pass this. */
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, describe, expect, it } from '@jest/globals';
import { groupReaders, readTopic, topicOffsets, TransientError } from '#kafka';
import { silentLogger } from '../system/silent-logger.js';
import { until } from '../system/until.js';
import { Consumers, type Handle } from './a-consumer.js';
import { event, text } from './a-topic.js';

describe('the consumer and its group', () => {
  const consumers = new Consumers();

  afterEach(() => consumers.stopAll());
  afterAll(() => consumers.close());

  it('goes on where it was when it starts again', async () => {
    const values = await consumers.fresh(300);
    const first: string[] = [];
    const one = await consumers.start((records) => {
      first.push(...records.map(text));
      return Promise.resolve();
    });
    await until('all are seen', () => first.length === values.length);
    await one.close();

    const second: string[] = [];
    await consumers.start((records) => {
      second.push(...records.map(text));
      return Promise.resolve();
    });
    await consumers.producer.publish(event(consumers.topics, 'new'));
    await until('the new one is seen', () => second.includes('new'));
    expect(second).toEqual(['new']);
  });

  it('tells how late it is, above all while it is stuck, and no more of partitions that it has lost', async () => {
    const values = await consumers.fresh(90);
    let go!: () => void;
    const gone = new Promise<void>((resolve) => (go = resolve));
    const { consumer } = await consumers.start(() => gone, { lagLookEvery: 200 });
    const lag = () => consumer.progress()[0]!;
    await until('all that waits is known', () => lag().lagRecords === values.length);
    // Nothing ends, nothing fails, nothing is fetched: it is seen all the same.
    const before = lag().lagSeconds;
    await consumers.producer.publishAll(Array.from({ length: 10 }, () => event(consumers.topics, 'later')));
    await until('what came later is known', () => lag().lagRecords === values.length + 10);
    await until('it gets older', () => lag().lagSeconds > before + 0.5);
    expect(lag()).toMatchObject({ topic: 'events.v1', partitions: 3, done: 0 });

    const other = await consumers.start(() => Promise.resolve(), { lagLookEvery: 200 });
    go();
    const both = () => [lag(), other.consumer.progress()[0]!];
    const sum = (what: 'lagRecords' | 'lagSeconds' | 'done' | 'partitions') =>
      both().reduce((total, each) => total + each[what], 0);
    await until('partitions are dealt anew', () => both().every(({ partitions }) => partitions > 0));
    await until('all is done', () => sum('lagRecords') === 0 && sum('done') >= values.length + 10);
    expect([sum('partitions'), sum('lagSeconds')]).toEqual([3, 0]);
  });

  it('is not late with what is done, where only its own store knows that', async () => {
    await consumers.fresh(90);
    const ends = await topicOffsets(consumers.topics.kafka, consumers.topics.names['events.v1']);
    const startPosition = (_topic: string, partition: number) => Promise.resolve(String(ends.get(partition)!.high));
    const { consumer } = await consumers.start(() => Promise.resolve(), { startPosition, lagLookEvery: 200 });
    await until('it has its partitions', () => consumer.progress()[0]!.partitions === 3);
    await sleep(1_500);
    expect(consumer.progress()[0]).toMatchObject({ lagRecords: 0, lagSeconds: 0, done: 0 });
  });

  it('tells its group what it reads with, beside members that tell nothing', async () => {
    const values = await consumers.fresh(30);
    const seen = new Set<string>();
    const handle: Handle = (records) => {
      for (const record of records) seen.add(text(record));
      return Promise.resolve();
    };
    const readers = () =>
      groupReaders(consumers.topics.kafka, `${consumers.topics.prefix}group`, consumers.topics.names['events.v1']);
    expect([...(await readers())]).toEqual([]);
    await consumers.start(handle, { reader: '1.2.3/0a1b' });
    await until('it tells', async () => (await readers()).has('1.2.3/0a1b'));
    await consumers.start(handle);
    await until('both are members', async () => (await readers()).size === 2);
    expect([...(await readers())].sort()).toEqual(['', '1.2.3/0a1b']);
    await until('all are seen', () => seen.size === values.length);
    expect([
      ...(await groupReaders(
        consumers.topics.kafka,
        `${consumers.topics.prefix}group`,
        consumers.topics.names['submissions.v1'],
      )),
    ]).toEqual([]);
  });

  it('tells it when that changes, once, whether it is in the group by then or not', async () => {
    await consumers.fresh(0);
    let joins = 0;
    const info = (_fields: object, message: string): void => {
      if (message === 'kafka.group-joined') joins += 1;
    };
    const seen: string[] = [];
    const handle: Handle = (records) => Promise.resolve(void seen.push(...records.map(text)));
    const { consumer } = await consumers.start(handle, { reader: 'first', logger: { ...silentLogger, info } });
    const readers = async () => [
      ...(await groupReaders(
        consumers.topics.kafka,
        `${consumers.topics.prefix}group`,
        consumers.topics.names['events.v1'],
      )),
    ];
    consumer.readsWith('second');
    await until('it has joined with that', async () => (await readers()).join() === 'second');
    await consumers.producer.publish(event(consumers.topics, 'one'));
    await until('it reads', () => seen.length === 1);
    // Longer than from one heartbeat to the next.
    await sleep(3_000);
    expect(joins).toBe(1);

    consumer.readsWith('third');
    consumer.readsWith('fourth');
    await until('it has joined with the last', async () => (await readers()).join() === 'fourth');
    await consumers.producer.publish(event(consumers.topics, 'two'));
    await until('it goes on', () => seen.length === 2);
    await sleep(3_000);
    expect([joins, consumer.health().healthy]).toEqual([2, true]);
  });

  it('reads from the stored position, whatever the group has committed', async () => {
    const values = await consumers.fresh(300);
    const offsets = await topicOffsets(consumers.topics.kafka, consumers.topics.names['events.v1']);
    const half = new Map([...offsets].map(([partition, { high }]) => [partition, high / 2n]));
    const expected = (await readTopic(consumers.topics.kafka, consumers.topics.names['events.v1'], half)).map(text);
    expect(expected.length).toBeLessThan(values.length);
    const seen: string[] = [];
    await consumers.start(
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
    const values = await consumers.fresh(100);
    const first: string[] = [];
    const one = await consumers.start((records) => {
      first.push(...records.map(text));
      return Promise.resolve();
    });
    await until('all are seen and committed', () => first.length === values.length);
    await one.close();

    // No new record comes: being assigned the partitions must be enough.
    const second: string[] = [];
    let asked = 0;
    await consumers.start(
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
    await consumers.fresh(10);
    const fatal: Error[] = [];
    const seen: string[] = [];
    const { consumer } = await consumers.start(
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
    const values = await consumers.fresh(600);
    const seen = new Set<string>();
    const slowly: Handle = async (records) => {
      await new Promise((resolve) => setTimeout(resolve, 5));
      for (const record of records) seen.add(text(record));
    };
    const one = await consumers.start(slowly, { maxRecords: 5 });
    await consumers.start(slowly, { maxRecords: 5 });
    await until('some are seen', () => seen.size > 50);
    await one.close();
    await until('all are seen', () => seen.size === values.length);
  });
});
