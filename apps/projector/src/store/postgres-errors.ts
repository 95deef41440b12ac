import pg from 'pg';
import { PermanentError, TransientError } from '#kafka';

/**
 * SQLSTATE classes that speak of the values and will say the same for ever: 22 data exception, 23 integrity
 * constraint violation, 54 program limit exceeded (a value too long for an index).
 * https://www.postgresql.org/docs/current/errcodes-appendix.html
 */
const PERMANENT_CLASSES = new Set(['22', '23', '54']);

/** unique_violation: a row that was not there when it was looked for, and that another writer has inserted since. */
const INSERTED_MEANWHILE = '23505';

/** Somebody else holds the row: lock_not_available, deadlock_detected, serialization_failure. */
const HELD = new Set(['55P03', '40P01', '40001']);

/** Postgres is away, busy, or does not take this now: try the same again later. */
export class PostgresError extends TransientError {}

/** Somebody else writes the same rows: nothing is wrong with Postgres. */
export class RowsHeldError extends TransientError {}

/**
 * What an error from Postgres means. Everything that is not about the values (connection, lock, disk, read-only,
 * shutting down, no such table yet) may pass and is tried again.
 */
export function storeError(error: unknown): Error {
  if (error instanceof pg.DatabaseError && error.code !== undefined) {
    // The message and detail of a data error repeat the value: only the code travels.
    if (PERMANENT_CLASSES.has(error.code.slice(0, 2)) && error.code !== INSERTED_MEANWHILE) {
      return new PermanentError('STORE_REFUSED', `SQLSTATE ${error.code}`);
    }
    const isHeld = HELD.has(error.code) || error.code === INSERTED_MEANWHILE;
    return new (isHeld ? RowsHeldError : PostgresError)(`Postgres answers SQLSTATE ${error.code}`, { cause: error });
  }
  return new PostgresError(`Postgres: ${error instanceof Error ? error.message : 'unknown error'}`, { cause: error });
}
