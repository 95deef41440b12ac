import type { MigrationInterface, QueryRunner } from 'typeorm';
import { createIndexConcurrently } from '../concurrent-index.js';

/** By name: what follows CREATE INDEX … ON. */
const INDEXES = {
  message_not_final: 'message (occurred_at) WHERE NOT final',
  mobile_originated_by_keyword: 'mobile_originated (keyword, occurred_at) WHERE keyword IS NOT NULL',
} as const;

/**
 * Indexes that docs/storage.md needs beside those of the first schema. Made concurrently, so that the projectors write
 * meanwhile; that cannot be done in a transaction.
 */
export class IndexesForQuestions1763760100000 implements MigrationInterface {
  readonly name = 'IndexesForQuestions1763760100000';
  readonly transaction = false;

  async up(runner: QueryRunner): Promise<void> {
    for (const [name, index] of Object.entries(INDEXES)) await createIndexConcurrently(runner, name, index);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const name of Object.keys(INDEXES)) await runner.query(`DROP INDEX CONCURRENTLY IF EXISTS ${name}`);
  }
}
