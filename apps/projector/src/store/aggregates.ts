import type { PoolClient } from 'pg';
import { parseJson } from '#contracts';
import { TransientError } from '#kafka';
import type { Aggregate } from '../merge/merge-event.js';
import type { Fact } from '../merge/fact-set.js';
import { jsonArray } from './json-array.js';
import { query } from './query.js';

/** A column that is derived from the aggregate, beside those that every table has. */
export interface Column<S> {
  readonly name: string;
  readonly type: 'text' | 'uuid' | 'boolean' | 'timestamptz';
  readonly value: (state: S) => string | boolean | null;
}

/** An aggregate as it was read, with the version that a write must find. */
export interface StoredAggregate<D> extends Aggregate<D> {
  /** 0: not in the table yet. */
  readonly version: number;
  /** Size of its facts in the table, characters. */
  readonly size: number;
}

/** An aggregate to be written, and the state that its columns show. */
export interface AggregateWrite<D, S> {
  readonly aggregate: Aggregate<D>;
  /** The version that was read. */
  readonly version: number;
  readonly state: S;
}

interface StoredColumns {
  readonly key: string;
  readonly revision: number;
  readonly version: number;
  readonly facts: string;
}

/** Reads and writes the aggregates of one table. */
export class AggregateTable<D, S> {
  readonly #read: { readonly name: string; readonly text: string };
  readonly #write: { readonly name: string; readonly text: string };

  /**
   * @param table its name
   * @param key the name of its key column
   * @param columns what is derived
   * @param counted whether changes of the aggregate are numbered
   */
  constructor(
    readonly table: string,
    readonly key: string,
    readonly columns: readonly Column<S>[],
    readonly counted: boolean,
  ) {
    this.#read = {
      name: `read-${table}`,
      text: `SELECT ${key} AS key, ${counted ? 'revision' : '0 AS revision'}, version, facts::text FROM ${table} WHERE ${key} = ANY ($1::uuid[])`,
    };
    const fields = [
      { name: key, type: 'uuid' },
      { name: 'version', type: 'integer' },
      { name: 'facts', type: 'json' },
      ...(counted ? [{ name: 'revision', type: 'integer' }] : []),
      ...columns,
    ];
    const names = fields.map(({ name }) => name);
    // Rows come sorted by key: writers that meet on hot keys then wait for each other instead of dead-locking.
    this.#write = {
      name: `write-${table}`,
      text: `INSERT INTO ${table} AS stored (${names.join(', ')})
        SELECT * FROM unnest(${fields.map(({ type }, at) => `$${at + 1}::${type}[]`).join(', ')})
        ON CONFLICT (${key}) DO UPDATE SET
          ${names
            .slice(1)
            .map((name) => `${name} = excluded.${name}`)
            .join(', ')}, written_at = now()
        WHERE stored.version = excluded.version - 1`,
    };
  }

  /** The aggregates of these keys; those that are not in the table come empty. */
  async read(client: PoolClient, keys: readonly string[]): Promise<Map<string, StoredAggregate<D>>> {
    const found = new Map<string, StoredAggregate<D>>();
    for (const key of keys) found.set(key, { key, facts: [], revision: 0, version: 0, size: 0 });
    const { rows } = await query<StoredColumns>(client, { ...this.#read, values: [keys] });
    for (const { key, revision, version, facts } of rows) {
      found.set(key, { key, revision, version, size: facts.length, facts: parseJson(facts) as readonly Fact<D>[] });
    }
    return found;
  }

  /**
   * Writes aggregates, inserting those that were not there.
   * @throws TransientError when somebody has written one of them since it was read: nothing of the batch stays
   */
  async write(client: PoolClient, writes: readonly AggregateWrite<D, S>[]): Promise<void> {
    if (writes.length === 0) return;
    const sorted = writes.toSorted((a, b) => (a.aggregate.key < b.aggregate.key ? -1 : 1));
    const values: unknown[] = [
      sorted.map(({ aggregate }) => aggregate.key),
      sorted.map(({ version }) => version + 1),
      jsonArray(sorted.map(({ aggregate }) => JSON.stringify(aggregate.facts))),
    ];
    if (this.counted) values.push(sorted.map(({ aggregate }) => aggregate.revision));
    for (const { value } of this.columns) values.push(sorted.map(({ state }) => value(state)));
    const { rowCount } = await query(client, { ...this.#write, values });
    if (rowCount !== writes.length) throw new TransientError('another writer changed a row of this batch meanwhile');
  }
}
