import type { ClientBase, Pool, QueryConfig, QueryResult, QueryResultRow } from 'pg';
import { storeError } from './postgres-errors.js';

/** Runs one statement. What Postgres objects to comes out as what it means: permanent or transient. */
export async function query<R extends QueryResultRow>(
  client: ClientBase | Pool,
  statement: QueryConfig,
): Promise<QueryResult<R>> {
  try {
    return await client.query<R>(statement);
  } catch (error) {
    throw storeError(error);
  }
}
