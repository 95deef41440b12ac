import pg from 'pg';
import { query } from './query.js';

/** A statement of a job takes milliseconds; one that takes longer than this is in somebody's way. ms */
const STATEMENT_TIMEOUT = 10_000;

/**
 * Does something that only one process may do at a time, in a session of its own that holds the lock. When the process
 * ends, so does the session, and another gets the lock. Returns at once where another holds it.
 * @param lock its name; the same for all processes
 */
export async function whileAlone(
  connection: pg.ClientConfig,
  lock: string,
  work: (client: pg.Client) => Promise<void>,
): Promise<void> {
  const client = new pg.Client({
    keepAlive: true,
    connectionTimeoutMillis: STATEMENT_TIMEOUT,
    // A server that is gone without a word: whoever has the lock must notice, or nobody else gets it.
    keepAliveInitialDelayMillis: 10_000,
    query_timeout: 2 * STATEMENT_TIMEOUT,
    statement_timeout: STATEMENT_TIMEOUT,
    ...connection,
  });
  // The next statement says what is wrong; without a listener the process would end here.
  client.on('error', () => undefined);
  try {
    await client.connect();
    const { rows } = await query<{ alone: boolean }>(client, {
      text: 'SELECT pg_try_advisory_lock(hashtext($1)) AS alone',
      values: [lock],
    });
    if (rows[0]?.alone === true) await work(client);
  } finally {
    await client.end().catch(() => undefined);
  }
}
