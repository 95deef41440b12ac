import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { CompressionTypes, ConfigResourceTypes, type Admin } from 'kafkajs';
import { makeTopics, type Topics } from '../../../../test/kafka/a-topic.js';
import { silentLogger } from '../../../../test/system/silent-logger.js';
import { createClient } from '../client.js';
import { GroupCommitProducer } from '../group-commit-producer.js';
import { readTopic } from '../read-topic.js';

/** Long enough for several blocks of every codec, and not only repetition. */
const VALUES = Array.from({ length: 300 }, (_, at) => `${at} ${'退订 receipt '.repeat(at)}${Math.sin(at)}`);

describe('compressed topics', () => {
  let topics: Topics;
  let admin: Admin;

  beforeAll(async () => {
    topics = await makeTopics(1);
    admin = createClient(topics.kafka, silentLogger).admin();
    await admin.connect();
  });

  afterAll(async () => {
    await admin.disconnect();
  });

  async function values(topic: string): Promise<string[]> {
    return (await readTopic(topics.kafka, topic)).map(({ value }) => value!.toString());
  }

  it.each(['gzip', 'snappy', 'lz4', 'zstd'])(
    'are read when the broker compresses them itself with %s',
    async (codec) => {
      topics = await makeTopics(1);
      const topic = topics.names['submissions.v1'];
      await admin.alterConfigs({
        validateOnly: false,
        resources: [
          {
            type: ConfigResourceTypes.TOPIC,
            name: topic,
            configEntries: [{ name: 'compression.type', value: codec }],
          },
        ],
      });
      const producer = new GroupCommitProducer({ kafka: topics.kafka, logger: silentLogger });
      await producer.publishAll(VALUES.map((value) => ({ topic, key: null, value, headers: {} })));
      await producer.close();
      expect(await values(topic)).toEqual(VALUES);
    },
  );

  it.each(['GZIP', 'Snappy', 'LZ4', 'ZSTD'] as const)(
    'are read when a sender of ours compresses with %s',
    async (codec) => {
      topics = await makeTopics(1);
      const topic = topics.names['submissions.v1'];
      const producer = createClient(topics.kafka, silentLogger).producer();
      await producer.connect();
      await producer.send({
        topic,
        compression: CompressionTypes[codec],
        messages: VALUES.map((value) => ({ value })),
      });
      await producer.disconnect();
      expect(await values(topic)).toEqual(VALUES);
    },
  );
});
