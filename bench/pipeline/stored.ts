import type { Installation } from '../installation.js';

/**
 * How many events the projector has committed. The stored offsets move with the rows in one transaction; adding them up
 * costs nothing, counting the rows would.
 */
export function committed(installation: Installation): Promise<number> {
  return number(installation, 'SELECT coalesce(sum(next_offset), 0) AS number FROM projector_offset');
}

/** The one number that a query asks for. */
export async function number(installation: Installation, sql: string): Promise<number> {
  const { rows } = await installation.pool.query<{ readonly number: string }>(sql);
  return Number(rows[0]?.number);
}
