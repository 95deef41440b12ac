import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { makeTopics, type Topics } from '../../../test/kafka/a-topic.js';
import { silentLogger } from '../../../test/system/silent-logger.js';
import { createClient } from './client.js';
import { TransientError } from './errors.js';
import { remakeTopic } from './remake-topic-for-tests.js';
import { TopicIdentities } from './topic-identity.js';

describe('which topic it is', () => {
  let topics: Topics;
  let identities: TopicIdentities;

  beforeAll(async () => {
    topics = await makeTopics(3);
    identities = new TopicIdentities(topics.kafka, silentLogger);
  });

  afterAll(async () => {
    await identities.close();
  });

  it('is told by the ids that Kafka itself tells', async () => {
    const { clusterId, topicId } = await identities.current(topics.names['events.v1']);
    const admin = createClient(topics.kafka, silentLogger).admin();
    await admin.connect();
    const described = await admin.describeCluster();
    await admin.disconnect();
    expect(clusterId).toBe(described.clusterId);
    expect(topicId).toMatch(/^[A-Za-z0-9_-]{22}$/);
  });

  it('stays the same for one topic, and no two topics have the same', async () => {
    const names = Object.values(topics.names);
    const once = await Promise.all(names.map((name) => identities.current(name)));
    const again = await Promise.all(names.map((name) => identities.current(name)));
    expect(again).toEqual(once);
    expect(new Set(once.map(({ topicId }) => topicId)).size).toBe(names.length);
    expect(new Set(once.map(({ clusterId }) => clusterId)).size).toBe(1);
  });

  it('is another one when a topic of that name was made anew', async () => {
    const topic = topics.names['submissions.v1'];
    const before = await identities.current(topic);
    await remakeTopic(topics.kafka, topic);
    const after = await identities.current(topic);
    expect(after.clusterId).toBe(before.clusterId);
    expect(after.topicId).toMatch(/^[A-Za-z0-9_-]{22}$/);
    expect(after.topicId).not.toBe(before.topicId);
  });

  it('is answered after the question, also while another question is under way', async () => {
    const topic = topics.names['raw-receipts.v1'];
    const [first, second, third] = [identities.current(topic), identities.current(topic), identities.current(topic)];
    expect(second).not.toBe(first);
    expect(third).toBe(second);
    expect(await second).toEqual(await first);
  });

  it('is not known while there is no such topic, and no topic is made by asking', async () => {
    const topic = `${topics.prefix}none`;
    await expect(identities.current(topic)).rejects.toThrow(TransientError);
    await expect(identities.current(topic)).rejects.toThrow('error code 3');
  });

  it('is not known while no broker answers', async () => {
    const nowhere = new TopicIdentities({ brokers: ['127.0.0.1:1'], clientId: 'quittance-test' }, silentLogger);
    await expect(nowhere.current(topics.names['events.v1'])).rejects.toThrow(TransientError);
    await nowhere.close();
  });
});
