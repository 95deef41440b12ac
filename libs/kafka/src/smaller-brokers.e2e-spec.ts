import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ConfigResourceTypes } from 'kafkajs';
import { makeTopics, type Topics } from '../../../test/kafka/a-topic.js';
import { silentLogger } from '../../../test/system/silent-logger.js';
import { createClient } from './client.js';
import { RecordTooLargeError } from './errors.js';
import { GroupCommitProducer } from './group-commit-producer.js';
import { readTopic } from './read-topic.js';

describe('a topic that takes less than we thought', () => {
  let topics: Topics;
  let producer: GroupCommitProducer;

  beforeAll(async () => {
    topics = await makeTopics(1);
    const admin = createClient(topics.kafka, silentLogger).admin();
    await admin.connect();
    await admin.alterConfigs({
      validateOnly: false,
      resources: [
        {
          type: ConfigResourceTypes.TOPIC,
          name: topics.names['submissions.v1'],
          configEntries: [{ name: 'max.message.bytes', value: '20000' }],
        },
      ],
    });
    await admin.disconnect();
    producer = new GroupCommitProducer({ kafka: topics.kafka, logger: silentLogger });
  });

  afterAll(async () => {
    await producer.close();
  });

  it('gets everything that fits, in order, and only what does not fit is refused', async () => {
    const topic = topics.names['submissions.v1'];
    const publish = (value: string) => producer.publish({ topic, key: null, value, headers: {} });
    const filler = 'x'.repeat(5_000);
    const results = await Promise.allSettled(
      Array.from({ length: 40 }, (_, at) => publish(at === 17 ? 'y'.repeat(30_000) : `${at} ${filler}`)),
    );
    const refused = results.flatMap((result, at) => (result.status === 'rejected' ? [[at, result.reason]] : []));
    expect(refused).toEqual([[17, expect.any(RecordTooLargeError)]]);
    const numbers = (await readTopic(topics.kafka, topic)).map(({ value }) => Number(value!.toString().split(' ')[0]));
    expect(numbers).toEqual(Array.from({ length: 40 }, (_, at) => at).filter((at) => at !== 17));
  });
});
