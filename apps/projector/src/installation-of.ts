import { topicNames } from '#contracts';
import { headerText, scanTopic, topicOffsets, type KafkaSettings, type Stretch } from '#kafka';
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
  for (const topic of [names['events.v1'], names['review-status.v1'], names['account-status.v1']]) {
    const stretches = new Map<number, Stretch>();
    for (const [partition, { low, high }] of await topicOffsets(kafka, topic)) {
      stretches.set(partition, { from: low > high - LAST ? low : high - LAST, to: high });
    }
    let found: string | undefined;
    const enough = new AbortController();
    await scanTopic({
      kafka,
      topic,
      stretches,
      maxRecords: 1,
      handle: (records) => {
        found ??= SOURCE.exec(headerText(records[0]!, 'ce_source') ?? '')?.[1];
        if (found !== undefined) enough.abort();
        return Promise.resolve();
      },
      signal: AbortSignal.any([signal, enough.signal]),
    });
    if (found !== undefined) return found;
  }
  throw new StartError('no topic holds an event that names the installation: say --installation, as in quittance.yaml');
}
