import { setUpTopics } from '#kafka';
import { createLogger, readEnvironment, startOrExplain } from '#runtime';

await startOrExplain('topic set-up', async () => {
  const environment = readEnvironment('topics');
  const logger = createLogger({ name: 'topics', ...environment });
  const { created, present } = await setUpTopics({
    kafka: environment.kafka,
    logger,
    topicPrefix: environment.topicPrefix,
    replication: environment.topicReplication,
    ...(environment.topicPartitions === null ? {} : { maxPartitions: environment.topicPartitions }),
  });
  logger.info({ created, present }, 'topics.set-up');
});
