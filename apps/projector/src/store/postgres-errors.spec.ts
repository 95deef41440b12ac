import { describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { PermanentError } from '#kafka';
import { PostgresError, RowsHeldError, storeError } from './postgres-errors.js';

function refusal(code: string): pg.DatabaseError {
  return Object.assign(new pg.DatabaseError('Key (recipient)=(+8613800000001) already exists', 0, 'error'), { code });
}

describe('what Postgres answers', () => {
  it.each(['55P03', '40P01', '40001', '23505'])('%s: another writer holds the row, nothing is wrong', (code) => {
    expect(storeError(refusal(code))).toBeInstanceOf(RowsHeldError);
  });

  it.each(['57P01', '53100', '25006', '42P01'])('%s: it does not take this now', (code) => {
    expect(storeError(refusal(code))).toBeInstanceOf(PostgresError);
  });

  it.each(['22003', '54000', '23514'])('%s: the value is refused for ever, and not repeated', (code) => {
    const error = storeError(refusal(code));
    expect(error).toBeInstanceOf(PermanentError);
    expect(error.message).not.toContain('138');
  });
});
