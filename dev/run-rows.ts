import pg from 'pg';

/** How many rows have which status. */
export type RowsByStatus = Readonly<Record<string, number>>;

/** The rows of one run. */
export interface RunRows {
  readonly message: RowsByStatus;
  readonly mobileOriginated: number;
  readonly review: RowsByStatus;
  readonly accountStatus: number;
}

/**
 * The tag of the run is somewhere in the facts that a row is derived from: not every receipt has an id that could hold it.
 * Rows that were not written lately need not be looked into.
 */
const OF_THE_RUN = `written_at > now() - interval '10 minutes' AND position($1 IN facts::text) > 0`;

const QUERY = `
  SELECT 'message' AS kind, status, count(*)::int AS rows FROM message WHERE ${OF_THE_RUN} GROUP BY status
  UNION ALL
  SELECT 'review', status, count(*)::int FROM review WHERE ${OF_THE_RUN} GROUP BY status
  UNION ALL
  SELECT 'mobile_originated', '', count(*)::int FROM mobile_originated WHERE ${OF_THE_RUN}
  UNION ALL
  SELECT 'account_status', '', count(*)::int FROM account_status WHERE ${OF_THE_RUN}`;

interface Counted {
  readonly kind: 'message' | 'review' | 'mobile_originated' | 'account_status';
  readonly status: string;
  readonly rows: number;
}

/** Counts the rows that a run has left. */
export async function readRows(databaseUrl: string, tag: string): Promise<RunRows> {
  const client = new pg.Client({ connectionString: databaseUrl });
  // Without a listener a lost connection would end this process.
  client.on('error', () => undefined);
  await client.connect();
  try {
    const { rows } = await client.query<Counted>(QUERY, [tag]);
    const byStatus = (kind: Counted['kind']): RowsByStatus =>
      Object.fromEntries(rows.filter((row) => row.kind === kind).map((row) => [row.status, row.rows]));
    return {
      message: byStatus('message'),
      mobileOriginated: total(byStatus('mobile_originated')),
      review: byStatus('review'),
      accountStatus: total(byStatus('account_status')),
    };
  } finally {
    await client.end();
  }
}

/** All of them. */
export function total(counts: RowsByStatus): number {
  return Object.values(counts).reduce((sum, rows) => sum + rows, 0);
}
