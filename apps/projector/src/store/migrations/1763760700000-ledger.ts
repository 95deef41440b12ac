import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * The loss ledger. Rows are written again every few seconds while a block fills: half of each page is left free, so that
 * the new version of a row finds its place beside the old one and no index is touched.
 */
const UP = [
  `CREATE TABLE ledger_offset (
    topic text NOT NULL,
    partition integer NOT NULL,
    topic_id text NOT NULL,
    next_offset bigint NOT NULL,
    written_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (topic, partition))`,
  `CREATE TABLE ledger_block (
    topic_id text NOT NULL,
    partition integer NOT NULL,
    block bigint NOT NULL,
    projected bit(4096),
    dead_lettered bit(4096),
    empty bit(4096),
    copied bit(4096),
    complete boolean NOT NULL DEFAULT false,
    written_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (topic_id, partition, block)) WITH (fillfactor = 50)`,
  'CREATE INDEX ledger_block_open ON ledger_block (topic_id, partition, block) WHERE NOT complete',
  `CREATE TABLE ledger_receipts (
    topic_id text NOT NULL,
    partition integer NOT NULL,
    block bigint NOT NULL,
    source text NOT NULL,
    hour timestamptz NOT NULL,
    redriven boolean NOT NULL,
    receipts bit(4096) NOT NULL,
    written_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (topic_id, partition, block, source, hour, redriven)) WITH (fillfactor = 50)`,
  'CREATE INDEX ledger_receipts_hour ON ledger_receipts (hour)',
  `CREATE TABLE ledger_accepted (
    instance uuid NOT NULL,
    source text NOT NULL,
    hour timestamptz NOT NULL,
    receipts bigint NOT NULL,
    final boolean NOT NULL,
    written_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (instance, source, hour)) WITH (fillfactor = 50)`,
  'CREATE INDEX ledger_accepted_hour ON ledger_accepted (hour)',
];

/** New tables and nothing else: nobody waits for them. */
export class Ledger1763760700000 implements MigrationInterface {
  readonly name = 'Ledger1763760700000';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of UP) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE ledger_accepted, ledger_receipts, ledger_block, ledger_offset');
  }
}
