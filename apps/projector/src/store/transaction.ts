import type { Pool, PoolClient } from 'pg';
import { TransientError } from '#kafka';
import { storeError } from './postgres-errors.js';
import { query } from './query.js';

/**
 * Runs `work` in a transaction: committed when it returns, rolled back when it throws.
 * @param begin what it begins with
 */
export async function inTransaction<T>(
  pool: Pool,
  work: (client: PoolClient) => Promise<T>,
  begin = 'BEGIN',
): Promise<T> {
  const client = await pool.connect().catch((error: unknown) => {
    throw storeError(error);
  });
  // Lent out, a client has nobody who listens: the server going away between two statements would end the process.
  let broken: Error | undefined;
  const onError = (error: Error) => (broken = error);
  client.on('error', onError);
  try {
    await query(client, { text: begin });
    const result = await work(client);
    await query(client, { text: 'COMMIT' });
    return result;
  } catch (error) {
    // A session may keep what is over elsewhere: read-only, a primary that is none any more. Or nobody answers in it, and a
    // rollback would wait for that too. The next one is fresh; when this one ends, the server rolls back by itself.
    if (error instanceof TransientError) broken ??= error;
    else await client.query('ROLLBACK').catch(onError);
    throw error;
  } finally {
    client.off('error', onError);
    // A connection that cannot even roll back is in an unknown state: it is not used again.
    client.release(broken);
  }
}
