import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Which cluster and which topic an offset is of. Nullable: the version before writes none, and runs beside this one.
 * Adding a column without a default rewrites nothing; the lock is held for an instant.
 */
export class OffsetIdentity1763760000000 implements MigrationInterface {
  readonly name = 'OffsetIdentity1763760000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE projector_offset ADD COLUMN cluster_id text, ADD COLUMN topic_id text');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE projector_offset DROP COLUMN cluster_id, DROP COLUMN topic_id');
  }
}
