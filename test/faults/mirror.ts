import type { TopicName } from '#contracts';
import { GroupCommitProducer, headerValues, setUpTopics, type OutgoingRecord } from '#kafka';
import { silentLogger } from '../system/silent-logger.js';
import type { Stage } from './stage.js';

/** What docs/operations.md says to mirror: the rest is made of it, by positions that are those of the new cluster. */
const MIRRORED: readonly TopicName[] = [
  'raw-receipts.v1',
  'submissions.v1',
  'erasures.v1',
  'message-status.v1',
  'mobile-originated.v1',
  'review-status.v1',
  'account-status.v1',
];
/** So many records of each topic come twice, so that what follows has other offsets: a mirror writes at least once. */
const TWICE = 50;
/** Records a send. */
const AT_ONCE = 500;

/** Makes the topics of an installation where they are missing. */
export async function setUp({ installation }: Stage): Promise<void> {
  await setUpTopics({
    kafka: installation.kafka,
    logger: silentLogger,
    topicPrefix: installation.environment.TOPIC_PREFIX!,
    replication: 1,
    maxPartitions: 3,
  });
}

/**
 * Does what a mirror does that keeps the names of topics, while nobody writes to them.
 * @param change another cluster takes the place of the one that was read
 */
export async function copyTopics(stage: Stage, change: () => Promise<void>): Promise<void> {
  const copies: OutgoingRecord[][] = [];
  for (const name of MIRRORED) {
    const records = (await stage.installation.records(name)).map(({ topic, key, value, headers }) => ({
      topic,
      key,
      value: value ?? Buffer.alloc(0),
      headers: headerValues(headers),
    }));
    copies.push([...records.slice(0, TWICE), ...records]);
  }
  await change();
  await setUp(stage);
  const producer = new GroupCommitProducer({ kafka: stage.installation.kafka, logger: silentLogger });
  await producer.connect();
  try {
    for (const records of copies) {
      for (let at = 0; at < records.length; at += AT_ONCE) {
        await producer.publishAll(records.slice(at, at + AT_ONCE));
      }
    }
  } finally {
    await producer.close();
  }
}
