import { randomBytes } from 'node:crypto';
import { setUpTopics, type KafkaSettings } from '#kafka';
import { topicNames } from '#contracts';
import { silentLogger } from '../system/silent-logger.js';

/** Topics of a random prefix on a broker. */
export interface Topics {
  readonly prefix: string;
  readonly names: ReturnType<typeof topicNames>;
  readonly kafka: KafkaSettings;
}

/** Makes all topics under a random prefix, each with `partitions` partitions. */
export async function makeTopics(partitions: number, brokers = process.env.TEST_KAFKA_BROKERS!): Promise<Topics> {
  const prefix = `t${randomBytes(6).toString('hex')}.`;
  const kafka = { brokers: brokers.split(','), clientId: 'quittance-test' };
  await setUpTopics({ kafka, logger: silentLogger, topicPrefix: prefix, replication: 1, maxPartitions: partitions });
  return { prefix, names: topicNames(prefix), kafka };
}
