import type { MigrationInterface, QueryRunner } from 'typeorm';

const TABLES = [
  `CREATE TABLE message (
    message_key uuid NOT NULL,
    provider text NOT NULL,
    account text NOT NULL,
    channel text NOT NULL,
    message_id text,
    sender text,
    recipient text,
    reference text,
    status text NOT NULL,
    final boolean NOT NULL,
    reason text,
    provider_code text,
    conflict boolean NOT NULL,
    sent_at timestamptz,
    occurred_at timestamptz NOT NULL,
    revision integer NOT NULL,
    version integer NOT NULL,
    facts json NOT NULL,
    written_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT message_pkey PRIMARY KEY (message_key)
  )`,
  `CREATE INDEX message_by_message_id ON message (message_id) WHERE message_id IS NOT NULL`,
  `CREATE INDEX message_by_recipient ON message (recipient, occurred_at) WHERE recipient IS NOT NULL`,
  `CREATE INDEX message_by_reference ON message (reference) WHERE reference IS NOT NULL`,
  `CREATE INDEX message_by_status ON message (status, occurred_at)`,
  `CREATE TABLE mobile_originated (
    event_id uuid NOT NULL,
    person_key uuid NOT NULL,
    provider text NOT NULL,
    account text NOT NULL,
    channel text NOT NULL,
    origin_id text,
    sender text,
    addressee text,
    keyword text,
    occurred_at timestamptz NOT NULL,
    version integer NOT NULL,
    facts json NOT NULL,
    written_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT mobile_originated_pkey PRIMARY KEY (event_id)
  )`,
  `CREATE INDEX mobile_originated_by_person ON mobile_originated (person_key, occurred_at)`,
  `CREATE INDEX mobile_originated_by_sender ON mobile_originated (sender, occurred_at) WHERE sender IS NOT NULL`,
  `CREATE TABLE review (
    review_key uuid NOT NULL,
    provider text NOT NULL,
    account text NOT NULL,
    subject_kind text NOT NULL,
    subject_id text NOT NULL,
    review_id text,
    status text NOT NULL,
    reason text,
    occurred_at timestamptz NOT NULL,
    revision integer NOT NULL,
    version integer NOT NULL,
    facts json NOT NULL,
    written_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT review_pkey PRIMARY KEY (review_key)
  )`,
  `CREATE INDEX review_by_subject ON review (subject_id)`,
  `CREATE TABLE account_status (
    subject_key uuid NOT NULL,
    provider text NOT NULL,
    account text NOT NULL,
    channel text NOT NULL,
    subject_kind text NOT NULL,
    subject_id text NOT NULL,
    aspect text NOT NULL,
    value text NOT NULL,
    occurred_at timestamptz NOT NULL,
    revision integer NOT NULL,
    version integer NOT NULL,
    facts json NOT NULL,
    written_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT account_status_pkey PRIMARY KEY (subject_key)
  )`,
  `CREATE INDEX account_status_by_subject ON account_status (subject_id)`,
  `CREATE TABLE projector_offset (
    topic text NOT NULL,
    partition integer NOT NULL,
    next_offset bigint NOT NULL,
    written_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT projector_offset_pkey PRIMARY KEY (topic, partition)
  )`,
];

/** The tables that the projector begins with. */
export class InitialSchema1763700000000 implements MigrationInterface {
  readonly name = 'InitialSchema1763700000000';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of TABLES) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE projector_offset, account_status, review, mobile_originated, message');
  }
}
