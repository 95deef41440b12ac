/** What the consumer of libs/kafka promises about records, on a real broker. Whatever client is behind it one day has to pass this. */
import { afterAll, afterEach, describe, expect, it } from '@jest/globals';
import { headerText, PermanentError, readTopic, TransientError } from '#kafka';
import { until } from '../system/until.js';
import { Consumers } from './a-consumer.js';
import { event, text } from './a-topic.js';

describe('the consumer', () => {
  const consumers = new Consumers();

  afterEach(() => consumers.stopAll());
  afterAll(() => consumers.close());

  it('hands over everything from the beginning, in batches of one partition each, in order', async () => {
    const values = await consumers.fresh(1_000);
    const seen: string[] = [];
    await consumers.start((records) => {
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

  it('commits nothing that is not done: another process gets it again', async () => {
    await consumers.fresh(1);
    let attempts = 0;
    const stuck = await consumers.start(() => {
      attempts += 1;
      return Promise.reject(new TransientError('what it needs is away'));
    });
    await until('it has tried more than once', () => attempts > 1);
    await stuck.close();

    const seen: string[] = [];
    await consumers.start((records) => {
      seen.push(...records.map(text));
      return Promise.resolve();
    });
    await until('it is seen', () => seen.length === 1);
  });

  it('does not do again what is done, nor puts aside again, when later records of the same batch have to wait', async () => {
    await consumers.fresh(300, 1);
    const times = new Map<string, number>();
    let refusals = 0;
    await consumers.start((records) => {
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
    expect((await readTopic(consumers.topics.kafka, consumers.topics.names['dead-letters.v1'])).map(text)).toEqual([
      'v201',
    ]);
  });

  it('puts a poison record aside as a dead letter, whole, and does all the others', async () => {
    const values = await consumers.fresh(500);
    const poison = new Set(['v7', 'v8', 'v250', 'v499']);
    const done = new Set<string>();
    await consumers.start((records) => {
      if (records.some((record) => poison.has(text(record)))) {
        return Promise.reject(new PermanentError('EVENT_INVALID', 'poison'));
      }
      for (const record of records) done.add(text(record));
      return Promise.resolve();
    });
    await until('the others are done', () => done.size === values.length - poison.size);
    const letters = async () => readTopic(consumers.topics.kafka, consumers.topics.names['dead-letters.v1']);
    await until('the poison is put aside', async () => (await letters()).length === poison.size);
    for (const letter of await letters()) {
      expect(poison.has(text(letter))).toBe(true);
      expect(headerText(letter, 'dead-letter-code')).toBe('EVENT_INVALID');
      expect(headerText(letter, 'dead-letter-detail')).toBe('poison');
      expect(headerText(letter, 'dead-letter-origin')).toMatch(
        new RegExp(`^${consumers.topics.names['events.v1']}/\\d/\\d+$`),
      );
      expect(headerText(letter, 'name')).toBe('value');
    }
  });

  it('goes on with other partitions while one cannot go on, however long that takes', async () => {
    await consumers.fresh(0);
    const seen = new Set<string>();
    let attempts = 0;
    const { consumer } = await consumers.start((records) => {
      if (records.some((record) => text(record) === 'stuck')) {
        attempts += 1;
        return Promise.reject(new TransientError('a row that somebody holds'));
      }
      for (const record of records) seen.add(text(record));
      return Promise.resolve();
    });
    await consumers.producer.publish(event(consumers.topics, 'stuck'));
    await until('one is stuck', () => attempts > 0);
    for (let round = 0; round < 4; round++) {
      const before = attempts;
      await consumers.producer.publishAll(
        Array.from({ length: 12 }, (_, at) => event(consumers.topics, `round-${round}-${at}`)),
      );
      const records = await readTopic(consumers.topics.kafka, consumers.topics.names['events.v1']);
      const stuckIn = records.find((record) => text(record) === 'stuck')!.partition;
      const others = records.filter(({ partition }) => partition !== stuckIn);
      expect(others.length).toBeGreaterThan(round);
      await until('the others are done', () => others.every((record) => seen.has(text(record))));
      await until('the stuck one is tried again', () => attempts > before);
    }
    expect(seen.has('stuck')).toBe(false);
    expect(consumer.health().detail).not.toContain('died');
  });

  it.each([TypeError, RangeError, SyntaxError])(
    'survives a %p of the handler, which would end the client below it',
    async (Fault) => {
      const values = await consumers.fresh(50);
      const done = new Set<string>();
      const { consumer } = await consumers.start((records) => {
        if (records.some((record) => text(record) === 'v20')) return Promise.reject(new Fault('a fault of ours'));
        for (const record of records) done.add(text(record));
        return Promise.resolve();
      });
      await until('the others are done', () => done.size === values.length - 1);
      await until('it is put aside', async () => {
        const letters = await readTopic(consumers.topics.kafka, consumers.topics.names['dead-letters.v1']);
        return letters.some((letter) => headerText(letter, 'dead-letter-code') === 'UNEXPLAINED');
      });
      expect(consumer.health().healthy).toBe(true);
    },
  );
});
