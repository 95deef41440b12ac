import type { MigrationInterface, QueryRunner } from 'typeorm';

const TABLES = [
  `CREATE TABLE dead_letter (
    topic_id text NOT NULL,
    partition integer NOT NULL,
    record_offset bigint NOT NULL,
    code text NOT NULL,
    detail text NOT NULL,
    stage text NOT NULL,
    source text,
    receipt_id text,
    element integer,
    origin text,
    reader text,
    redriven_from text,
    at timestamptz NOT NULL,
    state text NOT NULL,
    CONSTRAINT dead_letter_pkey PRIMARY KEY (topic_id, partition, record_offset)
  )`,
  // What the alert asks for, again and again.
  `CREATE INDEX dead_letter_open ON dead_letter (code) WHERE state = 'open'`,
  `CREATE TABLE dead_letter_change (
    topic_id text NOT NULL,
    partition integer NOT NULL,
    record_offset bigint NOT NULL,
    at timestamptz NOT NULL,
    state text NOT NULL,
    by text NOT NULL,
    forced boolean NOT NULL,
    reason text,
    CONSTRAINT dead_letter_change_pkey PRIMARY KEY (topic_id, partition, record_offset, at)
  )`,
];

/** Which dead letters there are, and what people have done with them. The version before knows nothing of it. */
export class DeadLetters1763760600000 implements MigrationInterface {
  readonly name = 'DeadLetters1763760600000';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of TABLES) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE dead_letter_change, dead_letter');
  }
}
