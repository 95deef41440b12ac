import { pause } from './backoff.js';
import type { KafkaLogger, KafkaSettings } from './client.js';
import type { ConsumerProgress } from './consumer-progress.js';
import { errorText } from './errors.js';
import { groupOffsets } from './group-offsets.js';
import { topicOffsets } from './topic-offsets.js';

/** As often as metrics are usually asked for, ms. A look costs a connection or two and as many requests. */
export const LAG_LOOK_EVERY = 15_000;
const NOTHING: ReadonlyMap<number, bigint> = new Map();

/** What looking needs. */
export interface LagLookParts {
  readonly kafka: KafkaSettings;
  readonly groupId: string;
  readonly progress: ConsumerProgress;
  /** ms */
  readonly every: number;
  readonly logger: KafkaLogger;
  readonly signal: AbortSignal;
}

/**
 * Asks where the topics end, again and again until `signal` is aborted: a consumer learns that from what it fetches, and
 * one that is stuck fetches nothing. Never rejects; while Kafka does not answer, what was known goes on being so.
 */
export async function lookForLag({ kafka, groupId, progress, every, logger, signal }: LagLookParts): Promise<void> {
  while (!signal.aborted) {
    for (const topic of progress.topics) {
      try {
        const tell = progress.look(topic);
        const ends = await topicOffsets(kafka, topic);
        // Asked after the ends: so nothing is taken for lag that was done in between.
        const committed = progress.isUnsure(topic) ? await groupOffsets(kafka, groupId, topic) : NOTHING;
        tell(ends, committed);
      } catch (error) {
        logger.debug({ topic, reason: errorText(error) }, 'kafka.lag-unknown');
      }
    }
    await pause(every, signal);
  }
}
