import type { MigrationInterface, QueryRunner } from 'typeorm';
import { createIndexConcurrently } from '../concurrent-index.js';

/** Columns of submissions and of what is waited for. New columns that may be null need no more than a moment's lock. */
const COLUMNS = ['submitted_at', 'report_due_at', 'expiry_published_at'] as const;

/** What is waited for, and nothing else: the index stays small, and empty where nobody submits. */
const INDEX = 'message (report_due_at) WHERE report_due_at IS NOT NULL AND expiry_published_at IS NULL AND NOT final';

/** What sending services tell, and until when a report is waited for. An index is made concurrently outside a transaction. */
export class Submissions1763760300000 implements MigrationInterface {
  readonly name = 'Submissions1763760300000';
  readonly transaction = false;

  async up(runner: QueryRunner): Promise<void> {
    const columns = COLUMNS.map((column) => `ADD COLUMN IF NOT EXISTS ${column} timestamptz`);
    await runner.query(`ALTER TABLE message ${columns.join(', ')}`);
    await createIndexConcurrently(runner, 'message_report_due', INDEX);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP INDEX CONCURRENTLY IF EXISTS message_report_due');
    await runner.query(`ALTER TABLE message ${COLUMNS.map((column) => `DROP COLUMN ${column}`).join(', ')}`);
  }
}
