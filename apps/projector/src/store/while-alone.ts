import pg from 'pg';
import { query } from './query.js';
import { sessionSettings } from './session.js';

/** A statement of a job takes milliseconds; one that takes longer than this is in somebody's way. ms */
const STATEMENT_TIMEOUT = 10_000;

/**
 * Asks for the lock. A client that is gone without a word: the server must notice within half a minute, or nobody else gets
 * the lock for the two hours that systems wait by themselves.
 */
const TRY_LOCK = `SELECT pg_try_advisory_lock(hashtext($1)) AS alone, set_config('tcp_keepalives_idle', '10', false),
  set_config('tcp_keepalives_interval', '5', false), set_config('tcp_keepalives_count', '4', false)`;

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
  const client = new pg.Client({ ...sessionSettings(STATEMENT_TIMEOUT), ...connection });
  // The next statement says what is wrong; without a listener the process would end here.
  client.on('error', () => undefined);
  try {
    await client.connect();
    const { rows } = await query<{ alone: boolean }>(client, { text: TRY_LOCK, values: [lock] });
    if (rows[0]?.alone === true) await work(client);
  } finally {
    await client.end().catch(() => undefined);
  }
}
