import type { Pool, PoolClient } from 'pg';
import { PositionMovedError, PositionOutsideLogError, type TopicIdentity } from '#kafka';
import { query } from './query.js';
import { otherTopic } from './topic-id.js';

const READ = `SELECT partition, next_offset, cluster_id, topic_id FROM projector_offset
  WHERE topic = $1 AND (partition = $2 OR cluster_id <> $3 OR topic_id <> $4)
  ORDER BY partition = $2 DESC, partition`;
const BEGIN_AT = `INSERT INTO projector_offset (topic, partition, next_offset, cluster_id, topic_id)
  VALUES ($1, $2, $3, $4, $5)
  ON CONFLICT (topic, partition) DO NOTHING
  RETURNING (SELECT version FROM erasure_version) AS erasures`;
// Null: written before offsets carried ids, or by a process of that time; or the cluster gives its topics none.
const MOVE = `UPDATE projector_offset SET
    next_offset = $3, cluster_id = coalesce($5, cluster_id), topic_id = coalesce($6, topic_id), written_at = now()
  WHERE topic = $1 AND partition = $2 AND next_offset = $4
    AND coalesce(cluster_id = $5, true) AND coalesce(topic_id = $6, true)
  RETURNING (SELECT version FROM erasure_version) AS erasures`;

interface StoredOffset {
  readonly partition: number;
  readonly next_offset: string;
  readonly cluster_id: string | null;
  readonly topic_id: string | null;
}

interface Moved {
  readonly erasures: string;
}

/** Where a partition has been projected to, and in which topic of that name. */
interface Position {
  /** Null: nothing of it has been projected. */
  readonly next: string | null;
  readonly identity: TopicIdentity;
}

/**
 * How far each partition has been projected, as this process knows it. The row in the database is moved from exactly
 * that value inside the batch's transaction: a process that lost the partition finds it moved, and writes nothing.
 *
 * An offset means something in one topic of one cluster only, so both ids stand beside it
 * (docs/decisions/0014-offsets-name-their-topic.md).
 */
export class Offsets {
  readonly #pool: Pool;
  readonly #identify: (topic: string) => Promise<TopicIdentity>;
  readonly #known = new Map<string, Position>();

  /** @param identify which topic of that name the cluster has now; true after it was called */
  constructor(pool: Pool, identify: (topic: string) => Promise<TopicIdentity>) {
    this.#pool = pool;
    this.#identify = identify;
  }

  /**
   * Where the partition is to be read from; null where nothing of it has been projected.
   * @throws PositionOutsideLogError when any partition of the topic was projected in another topic of that name
   */
  async position(topic: string, partition: number): Promise<string | null> {
    const identity = await this.#identify(topic);
    const { rows } = await query<StoredOffset>(this.#pool, {
      text: READ,
      values: [topic, partition, identity.clusterId, identity.topicId],
    });
    for (const row of rows) requireSameTopic(topic, row, identity);
    const own = rows.find((row) => row.partition === partition);
    const next = own?.next_offset ?? null;
    this.#known.set(`${topic}/${partition}`, { next, identity });
    return next;
  }

  /**
   * Asks the cluster whether the topic is still the one that the position is of. For records that were fetched before:
   * a topic that was made anew meanwhile may already have grown past the position, and be read on as if nothing were.
   * @throws PositionMovedError when it is not: asking for the position again tells why
   * @throws TransientError when the cluster does not answer
   */
  async confirm(topic: string, partition: number): Promise<void> {
    const known = this.#known.get(`${topic}/${partition}`);
    if (known === undefined) return;
    const { clusterId, topicId } = await this.#identify(topic);
    if (clusterId !== known.identity.clusterId || topicId !== known.identity.topicId) {
      throw new PositionMovedError(`${topic} is not the topic any more that ${topic}/${partition} was read from`);
    }
  }

  /**
   * Moves the stored position, and keeps its row locked until the transaction ends.
   * @param next the offset to read next
   * @returns the version of the erasures: read here, where it costs no round trip
   * @throws PositionMovedError when somebody else has moved it
   */
  async move(client: PoolClient, topic: string, partition: number, next: string): Promise<string> {
    const known = this.#known.get(`${topic}/${partition}`);
    if (known === undefined) throw new PositionMovedError(`${topic}/${partition} has not been asked for`);
    const { clusterId, topicId } = known.identity;
    const moved =
      known.next === null
        ? await query<Moved>(client, { text: BEGIN_AT, values: [topic, partition, next, clusterId, topicId] })
        : await query<Moved>(client, {
            name: 'move-offset',
            text: MOVE,
            values: [topic, partition, next, known.next, clusterId, topicId],
          });
    if (moved.rowCount !== 1)
      throw new PositionMovedError(`${topic}/${partition} is no longer at ${known.next ?? 'its start'}`);
    return moved.rows[0]!.erasures;
  }

  /** The transaction that moved the position has committed. */
  committed(topic: string, partition: number, next: string): void {
    const known = this.#known.get(`${topic}/${partition}`);
    if (known !== undefined) this.#known.set(`${topic}/${partition}`, { ...known, next });
  }
}

function requireSameTopic(topic: string, stored: StoredOffset, current: TopicIdentity): void {
  const place = `${topic}/${stored.partition} is stored as processed up to ${stored.next_offset}`;
  const other = otherTopic({ clusterId: stored.cluster_id, topicId: stored.topic_id }, current);
  if (other === 'another-cluster') {
    throw new PositionOutsideLogError(
      `${place} in the Kafka cluster ${stored.cluster_id}, but KAFKA_BROKERS leads to the cluster ${current.clusterId}: ` +
        'it is another one, or was set up anew; see docs/errors.md',
    );
  }
  if (other === 'made-anew') {
    throw new PositionOutsideLogError(
      `${place} in the topic with the id ${stored.topic_id}, but the topic of that name has the id ${current.topicId} now: ` +
        'it was made anew; see docs/errors.md',
    );
  }
}
