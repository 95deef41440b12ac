import { topicNames } from '#contracts';
import { headerText, TopicReader, type KafkaSettings } from '#kafka';
import { StartError } from '#runtime';

/** Where an event of ours says that it comes from: `/{installation}/{provider}/{account}`. */
const SOURCE = /^\/([^/]+)\//;
/** So many offsets at the end of each partition are looked at: the last ones may hold no record. */
const LAST = 20n;

/**
 * The installation's name, as the events say it: rows do not.
 * @throws StartError when there is no event
 */
export async function installationOf(kafka: KafkaSettings, topicPrefix: string, signal: AbortSignal): Promise<string> {
  const names = topicNames(topicPrefix);
  const reader = new TopicReader(kafka);
  // Also where the brokers keep it waiting.
  const stop = (): void => void reader.close();
  signal.addEventListener('abort', stop, { once: true });
  try {
    for (const topic of [names['events.v1'], names['review-status.v1'], names['account-status.v1']]) {
      const ends = [...(await reader.offsets(topic))].map(([partition, { low, high }]) => {
        const from = low > high - LAST ? low : high - LAST;
        return [partition, { from, to: high }] as const;
      });
      for await (const records of reader.read(topic, new Map(ends))) {
        for (const record of records) {
          const name = SOURCE.exec(headerText(record, 'ce_source') ?? '')?.[1];
          if (name !== undefined) return name;
        }
      }
    }
  } finally {
    signal.removeEventListener('abort', stop);
    await reader.close();
  }
  throw new StartError('no topic holds an event that names the installation: say --installation, as in quittance.yaml');
}
