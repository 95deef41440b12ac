import type { Installation } from '../installation.js';
import type { Slice } from './world.js';

/** What the world comes to, counted while it is told. */
export class WorldCounts {
  facts = 0;
  replies = 0;
  readonly messages = new Map<string, number>();

  /** The slices as they come, counted. */
  *counting(slices: Iterable<Slice>): Generator<Slice> {
    for (const slice of slices) {
      this.facts += slice.facts;
      this.replies += slice.replies;
      for (const [status, count = 0] of Object.entries(slice.messages))
        this.messages.set(status, (this.messages.get(status) ?? 0) + count);
      yield slice;
    }
  }
}

/** Where the calm run is not what the world was made of: two equal databases could both be wrong. */
export async function againstTruth({ pool }: Installation, expected: WorldCounts): Promise<string[]> {
  const wrong: string[] = [];
  const compare = (what: string, is: number, should: number): void => {
    if (is !== should) wrong.push(`${what}: ${is} found, ${should} expected`);
  };
  const { rows } = await pool.query<{ readonly status: string; readonly count: number }>(
    'SELECT status, count(*)::int AS count FROM message GROUP BY status',
  );
  const found = new Map(rows.map(({ status, count }) => [status, count]));
  for (const status of new Set([...found.keys(), ...expected.messages.keys()]))
    compare(`messages ${status}`, found.get(status) ?? 0, expected.messages.get(status) ?? 0);
  const { rows: replies } = await pool.query<{ readonly count: number }>(
    'SELECT count(*)::int AS count FROM mobile_originated',
  );
  compare('replies', replies[0]!.count, expected.replies);
  const { rows: facts } = await pool.query<{ readonly count: number }>(
    `SELECT (SELECT coalesce(sum(json_array_length(facts)), 0) FROM message)::int
       + (SELECT count(*) FROM mobile_originated)::int
       + (SELECT coalesce(sum(json_array_length(facts)), 0) FROM account_status)::int AS count`,
  );
  compare('facts', facts[0]!.count, expected.facts);
  return wrong;
}
