import { describe, expect, it } from '@jest/globals';
import { makeTopics } from '../../../test/kafka/a-topic.js';
import { PRODUCERS } from '../../../test/kafka/built-library.js';
import { limitTopic } from './limit-topic-for-tests.js';
import { readTopic } from './read-topic.js';

const PARTITIONS = 3;
const RECORDS = 60;
const TOO_LARGE = 17;

describe.each(PRODUCERS)('a topic that takes less than we thought, with %s', (_name, makeProducer) => {
  it('gets everything that fits, in order, and only what does not fit is refused', async () => {
    const topics = await makeTopics(PARTITIONS);
    const topic = topics.names['submissions.v1'];
    await limitTopic(topics.kafka, topic, 20_000);
    const producer = await makeProducer({ kafka: topics.kafka });
    const filler = 'x'.repeat(5_000);
    const values = Array.from({ length: RECORDS }, (_, at) =>
      at === TOO_LARGE ? 'y'.repeat(30_000) : `${at} ${filler}`,
    );
    try {
      const results = await Promise.allSettled(
        values.map((value, at) => producer.publish({ topic, key: `key-${at % 7}`, value, headers: {} })),
      );
      const refused = results.flatMap((result, at) =>
        result.status === 'rejected' ? [[at, String(result.reason)]] : [],
      );
      expect(refused).toEqual([
        [TOO_LARGE, expect.stringMatching(/ELEMENT_TOO_LARGE: \d+ bytes, more than the topic/)],
      ]);
    } finally {
      await producer.close();
    }
    const written = await readTopic(topics.kafka, topic);
    expect(new Set(written.map(({ partition }) => partition)).size).toBe(PARTITIONS);
    expect(new Set(written.map(({ value }) => value!.toString()))).toEqual(
      new Set(values.filter((_value, at) => at !== TOO_LARGE)),
    );
    // A part of the batch may be written twice: partitions answer one by one. The first copies stand in order.
    for (let partition = 0; partition < PARTITIONS; partition++) {
      const numbers = written.flatMap((record) =>
        record.partition === partition ? [Number(record.value!.toString().split(' ')[0])] : [],
      );
      const firsts = [...new Set(numbers)];
      expect(firsts).toEqual(firsts.toSorted((a, b) => a - b));
    }
  });
});
