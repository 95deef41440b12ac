import type { PoolClient } from 'pg';
import { parseJson } from '#contracts';
import { TransientError } from '#kafka';
import { DERIVATION } from '../merge/derivation.js';
import { withFact, type Fact, type JoinData } from '../merge/fact-set.js';
import type { Aggregate } from '../merge/merge-event.js';
import { jsonArray } from './json-array.js';
import { query } from './query.js';
import { textArray } from './text-array.js';

/** A column that is derived from the aggregate, beside those that every table has. */
export interface Column<S> {
  readonly name: string;
  readonly type: 'text' | 'uuid' | 'boolean' | 'timestamptz';
  readonly value: (state: S) => string | boolean | null;
  /** True: where it is wrong, nothing wrong has been told: subscribers do not hear of it, or hear of it without the column. */
  readonly unpublished?: true;
}

/**
 * Facts of a kind that came later than the table. They stand in a column of their own, so that the version before, which
 * neither reads nor writes it, goes on with the facts that it knows (docs/decisions/0018-submissions-beside-the-reports.md).
 * Beside it, in `<column>_version`, stands the version of the row as its writer wrote it: if the row's own is another, an
 * older projector has written since, and what subscribers were told last leaves these facts out.
 */
export interface FactsBeside<D> {
  readonly column: string;
  readonly has: (fact: Fact<D>) => boolean;
  readonly join: JoinData<D>;
}

/** An aggregate as it was read, with the version that a write must find. */
export interface StoredAggregate<D> extends Aggregate<D> {
  /** 0: not in the table yet. */
  readonly version: number;
  /** Size of its facts in the table, characters. */
  readonly size: number;
  /** Facts that its last writer did not know of; they are not among `facts`, and have to be merged again. */
  readonly unseen: readonly Fact<D>[];
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
  readonly beside: string | null;
  readonly overtaken: boolean;
}

/** The facts of a row. */
export interface StoredFacts<D> {
  /** What the columns, and the last published change, were derived from. */
  readonly seen: readonly Fact<D>[];
  /** What the last writer did not know of. */
  readonly unseen: readonly Fact<D>[];
}

const NONE: readonly never[] = [];

/** Reads and writes the aggregates of one table. */
export class AggregateTable<D, S> {
  readonly #read: { readonly name: string; readonly text: string };
  readonly #insert: { readonly name: string; readonly text: string };
  readonly #write: { readonly name: string; readonly text: string };

  /**
   * @param table its name
   * @param key the name of its key column
   * @param columns what is derived
   * @param counted whether changes of the aggregate are numbered
   * @param beside which of its facts stand beside the others; null: none
   */
  constructor(
    readonly table: string,
    readonly key: string,
    readonly columns: readonly Column<S>[],
    readonly counted: boolean,
    readonly beside: FactsBeside<D> | null = null,
  ) {
    this.#read = {
      name: `read-${table}`,
      text: `SELECT ${key} AS key, ${counted ? 'revision' : '0 AS revision'}, version, ${this.factColumns} FROM ${table} WHERE ${key} = ANY ($1::uuid[])`,
    };
    const fields = [
      { name: key, type: 'uuid' },
      { name: 'version', type: 'integer' },
      { name: 'facts', type: 'json' },
      ...(counted ? [{ name: 'revision', type: 'integer' }] : []),
      ...(beside ? [{ name: beside.column, type: 'json' }] : []),
      ...columns,
    ];
    const names = fields.map(({ name }) => name);
    // What follows from the others is no parameter.
    const computed = [
      ...(beside
        ? [{ name: `${beside.column}_version`, value: `CASE WHEN ${beside.column} IS NOT NULL THEN version END` }]
        : []),
      ...(counted ? [{ name: 'derivation', value: String(DERIVATION) }] : []),
    ];
    const all = [...names, ...computed.map(({ name }) => name)];
    // Of which derivation the state is that was published last: a write that publishes nothing leaves it.
    const updated = (name: string) =>
      name === 'derivation'
        ? 'CASE WHEN excluded.revision > stored.revision THEN excluded.derivation ELSE stored.derivation END'
        : `excluded.${name}`;
    const insert = `INSERT INTO ${table} AS stored (${all.join(', ')})
        SELECT ${['*', ...computed.map(({ value }) => value)].join(', ')}
        FROM unnest(${fields.map(({ type }, at) => `$${at + 1}::${type}[]`).join(', ')}) AS written (${names.join(', ')})`;
    // For rows that were not found. Being ready for a conflict costs Postgres a fifth of what an insert costs.
    this.#insert = { name: `insert-${table}`, text: insert };
    this.#write = {
      name: `write-${table}`,
      text: `${insert}
        ON CONFLICT (${key}) DO UPDATE SET
          ${all
            .slice(1)
            .map((name) => `${name} = ${updated(name)}`)
            .join(', ')}, written_at = now()
        WHERE stored.version = excluded.version - 1`,
    };
  }

  /** The aggregates of these keys; those that are not in the table come empty. */
  async read(client: PoolClient, keys: readonly string[]): Promise<Map<string, StoredAggregate<D>>> {
    const found = new Map<string, StoredAggregate<D>>();
    for (const key of keys) found.set(key, { key, facts: [], revision: 0, version: 0, size: 0, unseen: NONE });
    const { rows } = await query<StoredColumns>(client, { ...this.#read, values: [keys] });
    for (const row of rows) {
      const { key, revision, version } = row;
      const { seen, unseen } = this.factsOf(row);
      const size = row.facts.length + (row.beside?.length ?? 0);
      found.set(key, { key, revision, version, size, facts: seen, unseen });
    }
    return found;
  }

  /** What has to be selected for `factsOf`. */
  get factColumns(): string {
    if (this.beside === null) return 'facts::text AS facts, NULL AS beside, false AS overtaken';
    const { column } = this.beside;
    return `facts::text AS facts, ${column}::text AS beside, ${column}_version IS DISTINCT FROM version AS overtaken`;
  }

  /** The facts of a row. Also where some stand among the others that now stand beside them: so they were written once. */
  factsOf({ facts, beside, overtaken }: Pick<StoredColumns, 'facts' | 'beside' | 'overtaken'>): StoredFacts<D> {
    const seen = parseJson(facts) as readonly Fact<D>[];
    if (beside === null) return { seen, unseen: NONE };
    const others = parseJson(beside) as readonly Fact<D>[];
    return overtaken ? { seen, unseen: others } : { seen: this.united(seen, others), unseen: NONE };
  }

  /** Facts and those beside them as one set. */
  united(facts: readonly Fact<D>[], others: readonly Fact<D>[]): readonly Fact<D>[] {
    return others.reduce((all, fact) => withFact(all, fact, this.beside!.join), facts);
  }

  /**
   * Writes aggregates, inserting those that were not there.
   *
   * Rows go sorted by key, and all that are new before all others: writers that meet on hot keys then wait for each other
   * instead of dead-locking. Who inserts holds nothing yet that an update waits for.
   * @throws TransientError when somebody has written one of them since it was read: nothing of the batch stays
   */
  async write(client: PoolClient, writes: readonly AggregateWrite<D, S>[]): Promise<void> {
    const sorted = writes.toSorted((a, b) => (a.aggregate.key < b.aggregate.key ? -1 : 1));
    await this.#run(
      client,
      this.#insert,
      sorted.filter(({ version }) => version === 0),
    );
    await this.#run(
      client,
      this.#write,
      sorted.filter(({ version }) => version > 0),
    );
  }

  async #run(
    client: PoolClient,
    statement: { readonly name: string; readonly text: string },
    writes: readonly AggregateWrite<D, S>[],
  ): Promise<void> {
    if (writes.length === 0) return;
    const columns = writes.map(({ aggregate }) => this.#factTexts(aggregate.facts));
    const values: unknown[] = [
      textArray(writes.map(({ aggregate }) => aggregate.key)),
      textArray(writes.map(({ version }) => version + 1)),
      jsonArray(columns.map(({ facts }) => facts)),
    ];
    if (this.counted) values.push(textArray(writes.map(({ aggregate }) => aggregate.revision)));
    if (this.beside) values.push(jsonArray(columns.map(({ beside }) => beside)));
    for (const { value } of this.columns) values.push(textArray(writes.map(({ state }) => value(state))));
    const { rowCount } = await query(client, { ...statement, values });
    if (rowCount !== writes.length) throw new TransientError('another writer changed a row of this batch meanwhile');
  }

  #factTexts(facts: readonly Fact<D>[]): { readonly facts: string; readonly beside: string | null } {
    const others: readonly Fact<D>[] = this.beside === null ? NONE : facts.filter(this.beside.has);
    if (others.length === 0) return { facts: JSON.stringify(facts), beside: null };
    return {
      facts: JSON.stringify(facts.filter((fact) => !others.includes(fact))),
      beside: JSON.stringify(others),
    };
  }
}
