import { randomBytes } from 'node:crypto';
import { setUpTopics, type IncomingRecord, type KafkaSettings, type OutgoingRecord } from '#kafka';
import { topicNames } from '#contracts';
import { silentLogger } from '../system/silent-logger.js';

/** Topics of a random prefix on a broker. */
export interface Topics {
  readonly prefix: string;
  readonly names: ReturnType<typeof topicNames>;
  readonly kafka: KafkaSettings;
}

/** How the broker of the tests is reached. */
export function testKafka(brokers = process.env.TEST_KAFKA_BROKERS!): KafkaSettings {
  return { brokers: brokers.split(','), clientId: 'quittance-test' };
}

/** Makes all topics under a random prefix, each with `partitions` partitions. */
export async function makeTopics(partitions: number, brokers?: string): Promise<Topics> {
  const prefix = `t${randomBytes(6).toString('hex')}.`;
  const kafka = testKafka(brokers);
  await setUpTopics({ kafka, logger: silentLogger, topicPrefix: prefix, replication: 1, maxPartitions: partitions });
  return { prefix, names: topicNames(prefix), kafka };
}

/** A record for `events.v1`. */
export function event(topics: Topics, key: string | null, value: string | Buffer = key ?? ''): OutgoingRecord {
  return { topic: topics.names['events.v1'], key, value, headers: { name: 'value' } };
}

/** What a record says. */
export function text({ value }: IncomingRecord): string {
  return value!.toString();
}
