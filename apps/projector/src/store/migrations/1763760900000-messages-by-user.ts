import type { MigrationInterface, QueryRunner } from 'typeorm';
import { createIndexConcurrently } from '../concurrent-index.js';

const NAME = 'message_by_recipient_user';

/** "What was sent to this user of an app?" Most messages go to numbers, and cost the index nothing. */
const INDEX = 'message (recipient_user_id, occurred_at) WHERE recipient_user_id IS NOT NULL';

/** Messages by the id that an app has for who got them. An index is made concurrently outside a transaction. */
export class MessagesByUser1763760900000 implements MigrationInterface {
  readonly name = 'MessagesByUser1763760900000';
  readonly transaction = false;

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE message ADD COLUMN IF NOT EXISTS recipient_user_id text');
    await createIndexConcurrently(runner, NAME, INDEX);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP INDEX CONCURRENTLY IF EXISTS ${NAME}`);
    await runner.query('ALTER TABLE message DROP COLUMN recipient_user_id');
  }
}
