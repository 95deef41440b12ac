import type { Pool } from 'pg';
import { topicNames, type TopicNames } from '#contracts';
import { headerText, scanTopic, topicOffsets, type KafkaSettings, type OutgoingRecord, type Stretch } from '#kafka';
import { StartError } from '#runtime';
import type { ErasureStore } from '../store/erasures.js';
import type { Progress } from './progress.js';

/** What a command works with. */
export interface OpsContext {
  readonly kafka: KafkaSettings;
  readonly topics: TopicNames;
  readonly pool: Pool;
  readonly databaseUrl: string;
  readonly erasures: ErasureStore;
  /** Durable when it resolves. */
  readonly publishAll: (records: readonly OutgoingRecord[]) => Promise<void>;
  /** First segment of the source of every event. */
  readonly installation: string;
  readonly progress: (what: string, unit: string) => Progress;
  /** A line of the result. */
  readonly print: (line: string) => void;
  readonly signal: AbortSignal;
}

/** Where an event of ours says that it comes from: `/{installation}/{provider}/{account}`. */
const SOURCE = /^\/([^/]+)\//;

/**
 * The installation's name, as the events say it: rows do not.
 * @throws StartError when there is no event
 */
export async function installationOf(kafka: KafkaSettings, topicPrefix: string, signal: AbortSignal): Promise<string> {
  const names = topicNames(topicPrefix);
  for (const topic of [names['events.v1'], names['review-status.v1'], names['account-status.v1']]) {
    const stretches = new Map<number, Stretch>();
    for (const [partition, { low, high }] of await topicOffsets(kafka, topic)) {
      if (low < high) stretches.set(partition, { from: high - 1n, to: high });
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
