import type { MigrationInterface, QueryRunner } from 'typeorm';

/** A submission, which may be among the facts of a message, has no time but its own. */
const HAPPENED = `coalesce(fact #>> '{data,occurredAt}', fact #>> '{data,submittedAt}')`;

/** The same for every table: the facts in the order in which they happened, and where each came from. */
const PLACE = `row_number() OVER (
    PARTITION BY %key% ORDER BY ${HAPPENED}, fact ->> 'id'
  )::integer AS position`;
const ORIGIN = `fact ->> 'id' AS event_id,
  fact ->> 'receiptId' AS receipt_id,
  fact ->> 'rawPosition' AS raw_position`;
const WHEN = `(${HAPPENED})::timestamptz AS occurred_at,
  fact #>> '{data,occurredAtFrom}' AS occurred_at_from`;

const text = (path: string, name: string): string => `fact #>> '{data,${path}}' AS ${name}`;

const VIEWS = [
  view('message_history', 'message', 'message_key', [
    `coalesce(fact #>> '{data,status}', 'submitted') AS status`,
    `(fact #>> '{data,final}')::boolean AS final`,
    text('reason', 'reason'),
    text('providerCode', 'code'),
    text('providerDescription', 'description'),
    text('reportedBy', 'reported_by'),
    `(fact #>> '{data,segment,number}')::integer AS segment`,
    `(fact #>> '{data,segment,total}')::integer AS segments`,
  ]),
  view('review_history', 'review', 'review_key', [
    text('status', 'status'),
    text('reason', 'reason'),
    text('providerStatus', 'code'),
    text('reviewId', 'review_id'),
    `fact #> '{data,verdicts}' AS verdicts`,
  ]),
  view('account_status_history', 'account_status', 'subject_key', [
    text('aspect', 'aspect'),
    text('value', 'value'),
    `fact #>> '{data,limit}' AS "limit"`,
    text('reason', 'reason'),
  ]),
];

/** The facts of each row as rows of their own. */
export class HistoryViews1763760200000 implements MigrationInterface {
  readonly name = 'HistoryViews1763760200000';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of VIEWS) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP VIEW message_history, review_history, account_status_history');
  }
}

function view(name: string, table: string, key: string, columns: readonly string[]): string {
  return `CREATE VIEW ${name} AS SELECT
  ${[key, PLACE.replace('%key%', key), ...columns, WHEN, ORIGIN].join(',\n  ')}
FROM ${table} CROSS JOIN LATERAL json_array_elements(facts) AS fact`;
}
