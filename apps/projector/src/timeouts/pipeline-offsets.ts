import type { Pool } from 'pg';
import { consumerGroup, topicNames } from '#contracts';
import { groupOffsets, topicOffsets, type KafkaSettings } from '#kafka';
import { query } from '../store/query.js';
import type { PipelineOffsets } from './settled-time.js';
import { readSpools, Spools } from './spools.js';

const PROJECTED = 'SELECT partition, next_offset AS next FROM projector_offset WHERE topic = $1';

/**
 * Where the stages of an installation stand: asked of Kafka and, for the projectors, of the table that counts.
 * @param onUnread what was told of a spool is no report
 */
export function pipelineOffsets(
  kafka: KafkaSettings,
  topicPrefix: string,
  pool: Pool,
  onUnread: () => void,
): PipelineOffsets {
  const topics = topicNames(topicPrefix);
  const events = topics['events.v1'];
  const spools = new Spools(readSpools(kafka, topics['spools.v1']), onUnread);
  const group = consumerGroup(topicPrefix, 'normaliser');
  return {
    inbound: [topics['raw-receipts.v1'], topics['submissions.v1']],
    events,
    held: (topic) => topicOffsets(kafka, topic),
    normalised: (topic) => groupOffsets(kafka, group, topic),
    projected: async () => {
      const { rows } = await query<{ partition: number; next: string }>(pool, { text: PROJECTED, values: [events] });
      return new Map(rows.map(({ partition, next }) => [partition, BigInt(next)]));
    },
    unspooled: () => spools.clearUpTo(),
  };
}
