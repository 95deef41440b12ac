import { setTimeout as sleep } from 'node:timers/promises';
import { topicConfiguration, TOPICS, topicNames } from '#contracts';
import type { Admin } from 'kafkajs';
import { createClient, type KafkaLogger, type KafkaSettings } from './client.js';
import { kafkajs } from './kafkajs/patched.js';

/** How long the brokers may take until they serve a new topic, ms. */
const SERVED_WITHIN = 30_000;

/** How topics are created. */
export interface TopicSetUpOptions {
  readonly kafka: KafkaSettings;
  readonly logger: KafkaLogger;
  readonly topicPrefix: string;
  readonly replication: number;
  /** At most so many partitions a topic, for development; absent: as designed. */
  readonly maxPartitions?: number;
}

/** What the set-up found and did: full topic names. */
export interface TopicSetUpResult {
  readonly created: readonly string[];
  readonly present: readonly string[];
}

/**
 * Creates the topics that are missing and leaves the others as they are, so it may run again and again, and several at
 * once. Partitions and retention of a topic that exists are the operator's.
 */
export async function setUpTopics(options: TopicSetUpOptions): Promise<TopicSetUpResult> {
  const names = topicNames(options.topicPrefix);
  const admin = createClient(options.kafka, options.logger).admin({ retry: { retries: 5 } });
  await admin.connect();
  try {
    const there = new Set(await admin.listTopics());
    const missing = TOPICS.filter(({ name }) => !there.has(names[name]));
    if (missing.length > 0) {
      await admin
        .createTopics({
          waitForLeaders: false,
          topics: missing.map((topic) => ({
            topic: names[topic.name],
            numPartitions: Math.min(topic.partitions, options.maxPartitions ?? topic.partitions),
            replicationFactor: options.replication,
            configEntries: Object.entries(topicConfiguration(topic, options.replication)).map(([name, value]) => ({
              name,
              value,
            })),
          })),
        })
        .catch((error: unknown) => {
          if (!onlyAlreadyThere(error)) throw error;
        });
    }
    await untilServed(admin, Object.values(names));
    const created = missing.map(({ name }) => names[name]);
    return { created, present: TOPICS.map(({ name }) => names[name]).filter((name) => !created.includes(name)) };
  } finally {
    await admin.disconnect();
  }
}

/**
 * Waits until the brokers serve the topics. Right after they were created the metadata names leaders that do not know
 * of it yet; only a question to the leaders themselves tells.
 */
async function untilServed(admin: Admin, topics: readonly string[]): Promise<void> {
  const deadline = Date.now() + SERVED_WITHIN;
  for (const topic of topics) {
    for (;;) {
      try {
        await admin.fetchTopicOffsets(topic);
        break;
      } catch (error) {
        if (!(error instanceof kafkajs.KafkaJSError) || Date.now() > deadline) throw error;
        await sleep(100);
      }
    }
  }
}

/** Another set-up was faster. */
function onlyAlreadyThere(error: unknown): boolean {
  return (
    error instanceof kafkajs.KafkaJSAggregateError &&
    error.errors.every(
      (single) => single instanceof kafkajs.KafkaJSProtocolError && single.type === 'TOPIC_ALREADY_EXISTS',
    )
  );
}
