import type { Pool, PoolClient } from 'pg';
import { PositionMovedError } from '#kafka';
import { query } from './query.js';

const READ = 'SELECT next_offset FROM projector_offset WHERE topic = $1 AND partition = $2';
const BEGIN_AT = `INSERT INTO projector_offset (topic, partition, next_offset) VALUES ($1, $2, $3)
  ON CONFLICT (topic, partition) DO NOTHING`;
const MOVE = `UPDATE projector_offset SET next_offset = $3, written_at = now()
  WHERE topic = $1 AND partition = $2 AND next_offset = $4`;

/**
 * How far each partition has been projected, as this process knows it. The row in the database is moved from exactly
 * that value inside the batch's transaction: a process that lost the partition finds it moved, and writes nothing.
 */
export class Offsets {
  readonly #pool: Pool;
  readonly #known = new Map<string, string | null>();

  constructor(pool: Pool) {
    this.#pool = pool;
  }

  /** Where the partition is to be read from; null where nothing of it has been projected. */
  async position(topic: string, partition: number): Promise<string | null> {
    const { rows } = await query<{ next_offset: string }>(this.#pool, { text: READ, values: [topic, partition] });
    const position = rows[0]?.next_offset ?? null;
    this.#known.set(`${topic}/${partition}`, position);
    return position;
  }

  /**
   * Moves the stored position, and keeps its row locked until the transaction ends.
   * @param next the offset to read next
   * @throws PositionMovedError when somebody else has moved it
   */
  async move(client: PoolClient, topic: string, partition: number, next: string): Promise<void> {
    const known = this.#known.get(`${topic}/${partition}`);
    const moved =
      known === undefined || known === null
        ? await query(client, { text: BEGIN_AT, values: [topic, partition, next] })
        : await query(client, { name: 'move-offset', text: MOVE, values: [topic, partition, next, known] });
    if (moved.rowCount !== 1)
      throw new PositionMovedError(`${topic}/${partition} is no longer at ${known ?? 'its start'}`);
  }

  /** The transaction that moved the position has committed. */
  committed(topic: string, partition: number, next: string): void {
    this.#known.set(`${topic}/${partition}`, next);
  }
}
