import type { Pool } from 'pg';
import type { Offsets } from './store/offsets.js';
import { inTransaction } from './store/transaction.js';

/**
 * Moves the position of a partition past offsets that hold no record. Whoever waits until everything has been projected
 * would else wait for them for ever.
 * @param next the offset to read next
 * @throws PositionMovedError when somebody else has moved it
 */
export async function passOver(
  { pool, offsets }: { readonly pool: Pool; readonly offsets: Offsets },
  topic: string,
  partition: number,
  next: string,
): Promise<void> {
  await inTransaction(pool, async (client) => {
    await offsets.move(client, topic, partition, next);
    await offsets.confirm(topic, partition);
  });
  offsets.committed(topic, partition, next);
}
