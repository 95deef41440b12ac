import type { MigrationInterface, QueryRunner } from 'typeorm';

const TABLES = [
  `CREATE TABLE erasure (
    mac bytea NOT NULL,
    at timestamptz NOT NULL,
    CONSTRAINT erasure_pkey PRIMARY KEY (mac)
  )`,
  `CREATE TABLE erasure_version (
    version bigint NOT NULL,
    key_check bytea,
    CONSTRAINT erasure_version_pkey PRIMARY KEY (version)
  )`,
  `INSERT INTO erasure_version (version) VALUES (0)`,
];

/** Who has been erased. The version before knows nothing of it: nobody is to be erased while it still runs. */
export class Erasure1763760400000 implements MigrationInterface {
  readonly name = 'Erasure1763760400000';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of TABLES) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE erasure_version, erasure');
  }
}
