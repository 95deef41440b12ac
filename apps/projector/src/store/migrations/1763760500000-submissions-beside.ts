import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Columns that may be null and have no default: nothing is rewritten, and the lock is held for an instant. The version
 * before neither reads nor writes them.
 */
const COLUMNS: Readonly<Record<string, readonly string[]>> = {
  message: ['derivation integer', 'submissions json', 'submissions_version integer'],
  review: ['derivation integer'],
  account_status: ['derivation integer'],
};

const HAPPENED = `coalesce(fact #>> '{data,occurredAt}', fact #>> '{data,submittedAt}')`;

/** As before, with a source of facts that can be told. */
const historyFrom = (facts: string): string => `CREATE OR REPLACE VIEW message_history AS SELECT
  message_key,
  row_number() OVER (PARTITION BY message_key ORDER BY ${HAPPENED}, fact ->> 'id')::integer AS position,
  coalesce(fact #>> '{data,status}', 'submitted') AS status,
  (fact #>> '{data,final}')::boolean AS final,
  fact #>> '{data,reason}' AS reason,
  fact #>> '{data,providerCode}' AS code,
  fact #>> '{data,providerDescription}' AS description,
  fact #>> '{data,reportedBy}' AS reported_by,
  (fact #>> '{data,segment,number}')::integer AS segment,
  (fact #>> '{data,segment,total}')::integer AS segments,
  (${HAPPENED})::timestamptz AS occurred_at,
  fact #>> '{data,occurredAtFrom}' AS occurred_at_from,
  fact ->> 'id' AS event_id,
  fact ->> 'receiptId' AS receipt_id,
  fact ->> 'rawPosition' AS raw_position
FROM message CROSS JOIN LATERAL ${facts}`;

const REPORTS = 'json_array_elements(facts) AS fact';
const ALL = `(SELECT json_array_elements(facts) UNION ALL SELECT json_array_elements(submissions)) AS each (fact)`;

/** Submissions beside the reports, and of which derivation a row's last change is. */
export class SubmissionsBeside1763760500000 implements MigrationInterface {
  readonly name = 'SubmissionsBeside1763760500000';

  async up(runner: QueryRunner): Promise<void> {
    for (const [table, columns] of Object.entries(COLUMNS)) {
      await runner.query(`ALTER TABLE ${table} ${columns.map((column) => `ADD COLUMN ${column}`).join(', ')}`);
    }
    await runner.query(historyFrom(ALL));
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(historyFrom(REPORTS));
    for (const [table, columns] of Object.entries(COLUMNS)) {
      const names = columns.map((column) => `DROP COLUMN ${column.split(' ')[0]!}`);
      await runner.query(`ALTER TABLE ${table} ${names.join(', ')}`);
    }
  }
}
