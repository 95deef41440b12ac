import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { KafkaBroker } from '../../../dev/kafka-broker.js';
import { makeTopics, type Topics } from '../../../test/kafka/a-topic.js';
import { PRODUCERS } from '../../../test/kafka/built-library.js';
import { freeze } from '../../../test/kafka/freeze.js';
import { removeKafka, startOwnKafka } from '../../../test/system/own-kafka.js';
import { silentLogger } from '../../../test/system/silent-logger.js';
import { until } from '../../../test/system/until.js';
import { TransientError } from './errors.js';
import { GroupCommitProducer } from './group-commit-producer.js';
import { kafkajs } from './kafkajs/patched.js';
import { readTopic } from './read-topic.js';
import { TopicReader } from './topic-reader.js';

/**
 * A send that gets no answer may still have landed. kafkajs then takes its sequence numbers back; the broker takes the
 * next batch of the same size for a repetition, says so, and kafkajs calls that success. A frozen broker stages it: the
 * request waits in its socket and is worked off when it thaws, long after the client has given up.
 */
describe('after a send of unknown outcome', () => {
  let broker: KafkaBroker;
  let topics: Topics;

  beforeAll(async () => {
    broker = await startOwnKafka();
  }, 120_000);

  afterAll(async () => {
    await removeKafka(broker);
  }, 60_000);

  /** Publishes `first` into a frozen broker until the client gives up, lets it land, and publishes `second`. */
  async function freezeBetween(publish: (value: string) => Promise<void>): Promise<string[]> {
    const topic = topics.names['submissions.v1'];
    const values = async () => (await readTopic(topics.kafka, topic)).map(({ value }) => value!.toString());
    await publish('warm-up');
    await freeze(broker);
    try {
      await expect(publish('first')).rejects.toThrow();
    } finally {
      broker.signal('SIGCONT');
    }
    await until('the first has landed after all', async () => (await values()).includes('first'));
    await publish('second');
    return values();
  }

  it('the next record is lost by the client below', async () => {
    topics = await makeTopics(1, broker.brokers);
    const client = new kafkajs.Kafka({
      brokers: [...topics.kafka.brokers],
      requestTimeout: 1_000,
      logLevel: kafkajs.logLevel.NOTHING,
    });
    const producer = client.producer({
      idempotent: true,
      maxInFlightRequests: 1,
      retry: { retries: 1, initialRetryTime: 100 },
    });
    await producer.connect();
    const values = await freezeBetween(async (value) => {
      await producer.send({ topic: topics.names['submissions.v1'], acks: -1, messages: [{ value }] });
    }).finally(() => producer.disconnect());
    expect(values).toEqual(['warm-up', 'first']);
  }, 60_000);

  describe.each(PRODUCERS)('with %s', (_name, makeProducer) => {
    const make = async (partitions: number, sendTimeout: number) => {
      topics = await makeTopics(partitions, broker.brokers);
      return makeProducer({ kafka: topics.kafka, sendTimeout });
    };

    it('the next records are not lost by ours: it never uses that producer again', async () => {
      const producer = await make(3, 2_000);
      const keys = Array.from({ length: 9 }, (_, at) => `key-${at}`);
      const values = await freezeBetween((value) =>
        producer.publishAll(keys.map((key) => ({ topic: topics.names['submissions.v1'], key, value, headers: {} }))),
      ).finally(() => producer.close());
      const count = (wanted: string): number => values.filter((value) => value === wanted).length;
      expect(['warm-up', 'first', 'second'].map(count)).toEqual([9, 9, 9]);
    }, 60_000);

    it('it is connected again by itself, also when nobody publishes: readiness follows it', async () => {
      const producer = await make(1, 2_000);
      const record = { topic: topics.names['submissions.v1'], key: null, value: 'x', headers: {} };
      try {
        await producer.publish(record);
        await freeze(broker);
        try {
          await expect(producer.publish(record)).rejects.toThrow();
          expect(await producer.isConnected()).toBe(false);
        } finally {
          broker.signal('SIGCONT');
        }
        await until('it is connected', () => producer.isConnected());
      } finally {
        await producer.close();
      }
    }, 60_000);

    it('it tells who waits with a batch that Kafka is away', async () => {
      const producer = await make(1, 1_000);
      const record = { topic: topics.names['submissions.v1'], key: null, value: 'x', headers: {} };
      await producer.publish(record);
      await freeze(broker);
      try {
        await expect(producer.publishAll([record])).rejects.toThrow();
        await expect(producer.publishAll([record])).rejects.toThrow();
      } finally {
        broker.signal('SIGCONT');
        await producer.close();
      }
    }, 60_000);
  });

  it('who looks into a topic waits for the broker and misses nothing, and is let go when it is closed', async () => {
    // More than one fetch asks for.
    const partitions = 9;
    topics = await makeTopics(partitions, broker.brokers);
    const topic = topics.names['submissions.v1'];
    const producer = new GroupCommitProducer({ kafka: topics.kafka, logger: silentLogger });
    const keys = Array.from({ length: 100 }, (_, at) => String(at));
    await producer.publishAll(keys.map((key) => ({ topic, key, value: 'x', headers: {} })));
    await producer.close();
    const [patient, impatient] = [new TopicReader(topics.kafka), new TopicReader(topics.kafka)];
    const stretches = new Map([...(await patient.offsets(topic))].map(([at, { high: to }]) => [at, { from: 0n, to }]));
    const looks = [patient, impatient].map((reader) => reader.read(topic, stretches));
    try {
      for (const look of looks) for (let seen = 0; seen < partitions - 1; seen++) await look.next();
      await freeze(broker);
      const [last, never] = looks.map((look) => look.next());
      const letGo = expect(never).rejects.toThrow(TransientError);
      await impatient.close();
      await letGo;
      broker.signal('SIGCONT');
      expect((await last!).value).toEqual(expect.arrayContaining([expect.objectContaining({ topic })]));
      expect((await looks[0]!.next()).done).toBe(true);
    } finally {
      broker.signal('SIGCONT');
      await Promise.all([patient.close(), impatient.close()]);
    }
  }, 60_000);

  it('a producer that was closed refuses at once', async () => {
    topics = await makeTopics(1, broker.brokers);
    const producer = new GroupCommitProducer({ kafka: topics.kafka, logger: silentLogger });
    await producer.close();
    const record = { topic: topics.names['submissions.v1'], key: null, value: 'x', headers: {} };
    await expect(producer.publishAll([record])).rejects.toThrow('closed');
  }, 60_000);
});
