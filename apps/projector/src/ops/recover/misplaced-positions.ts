import type { Pool, PoolClient } from 'pg';
import type { TopicIdentity, TopicOffsets } from '#kafka';
import { query } from '../../store/query.js';
import { otherTopic } from '../../store/topic-id.js';

/** A row of projector_offset: how far a partition of the events topic has been projected, and in which topic. */
export interface StoredPosition extends TopicIdentity {
  readonly partition: number;
  readonly next: bigint;
}

/** A position from which the projector does not go on, and why not. */
export interface MisplacedPosition {
  readonly partition: number;
  readonly why: 'another-cluster' | 'made-anew' | 'no-partition' | 'beyond-the-end' | 'records-gone';
  /** Offsets of which it is known that they were removed before they were projected. */
  readonly gone: bigint;
}

/** The stored positions that are not in the topic as it is. The projector ends at each of them: see docs/errors.md. */
export function misplacedPositions(
  stored: readonly StoredPosition[],
  current: TopicIdentity,
  offsets: TopicOffsets,
): readonly MisplacedPosition[] {
  return stored.flatMap((position): MisplacedPosition[] => {
    const { partition, next } = position;
    const found = (why: MisplacedPosition['why'], gone = 0n) => [{ partition, why, gone }];
    const there = offsets.get(partition);
    const other = otherTopic(position, current);
    if (other !== null) return found(other);
    if (there === undefined) return found('no-partition');
    if (next > there.high) return found('beyond-the-end');
    if (next < there.low) return found('records-gone', there.low - next);
    return [];
  });
}

/** The stored positions of a topic. @param topic full name */
export async function readPositions(client: Pool, topic: string): Promise<readonly StoredPosition[]> {
  const { rows } = await query<{ partition: number; next: string; cluster_id: string | null; topic_id: string | null }>(
    client,
    {
      text: 'SELECT partition, next_offset AS next, cluster_id, topic_id FROM projector_offset WHERE topic = $1 ORDER BY 1',
      values: [topic],
    },
  );
  return rows.map(({ partition, next, cluster_id: clusterId, topic_id: topicId }) => ({
    partition,
    next: BigInt(next),
    clusterId,
    topicId,
  }));
}

/**
 * Forgets positions, so that those partitions are read from the first record that is still there; a projector that has
 * one in hand finds it moved and asks anew. Events that say that no report came may have gone with the topic, so they are
 * published once more, under the ids that they had.
 * @param client in a transaction
 */
export async function forgetPositions(
  client: PoolClient,
  topic: string,
  misplaced: readonly MisplacedPosition[],
): Promise<void> {
  await query(client, {
    text: 'DELETE FROM projector_offset WHERE topic = $1 AND partition = ANY ($2::integer[])',
    values: [topic, misplaced.map(({ partition }) => partition)],
  });
  await query(client, {
    text: `UPDATE message SET expiry_published_at = NULL
      WHERE expiry_published_at IS NOT NULL AND report_due_at IS NOT NULL AND NOT final`,
  });
}
