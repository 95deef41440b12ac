import type { MigrationInterface, QueryRunner } from 'typeorm';
import { createIndexConcurrently } from '../concurrent-index.js';

const NAME = 'dead_letter_by_receipt';

/** "Where is this receipt?" asks for its dead letters too. Made concurrently, which cannot be done in a transaction. */
export class DeadLettersByReceipt1763760850000 implements MigrationInterface {
  readonly name = 'DeadLettersByReceipt1763760850000';
  readonly transaction = false;

  async up(runner: QueryRunner): Promise<void> {
    await createIndexConcurrently(runner, NAME, 'dead_letter (receipt_id) WHERE receipt_id IS NOT NULL');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP INDEX CONCURRENTLY IF EXISTS ${NAME}`);
  }
}
