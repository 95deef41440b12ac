import type { Pool, PoolClient } from 'pg';
import { query } from '../store/query.js';
import { inTransaction } from '../store/transaction.js';
import { Findings, type Outcome } from './findings.js';
import { bitsBefore, BLOCK, type ReceiptBits } from './receipt-bits.js';

/** Findings of a stretch of one partition. */
export interface ReadStretch {
  readonly topic: string;
  readonly partition: number;
  /** As `topicIdOf` writes it, here and wherever the ledger names a topic. */
  readonly topicId: string;
  /** Where the stretch begins: the stored position. */
  readonly from: bigint;
  /** The offset to read next. */
  readonly to: bigint;
  readonly findings: Findings;
}

/** How far a partition has been read, and in which topic of that name. */
export interface StoredPosition {
  readonly topicId: string;
  readonly next: bigint;
}

const READ = 'SELECT topic_id, next_offset FROM ledger_offset WHERE topic = $1 AND partition = $2';
const BEGIN_AT = `INSERT INTO ledger_offset (topic, partition, topic_id, next_offset) VALUES ($1, $2, $3, $4)
  ON CONFLICT (topic, partition) DO UPDATE SET topic_id = $3, next_offset = $4, written_at = now()`;
const READ_ALL = 'SELECT partition, next_offset AS next FROM ledger_offset WHERE topic = $1 AND topic_id = $2';
// Null: written before offsets carried ids, or the cluster gives its topics none.
const PROJECTED = `SELECT partition, next_offset AS next FROM projector_offset
  WHERE topic = $1 AND coalesce(topic_id = $2, true)`;
const MOVE = `UPDATE ledger_offset AS stored SET next_offset = stretch.next, written_at = now()
  FROM unnest($1::text[], $2::integer[], $3::text[], $4::bigint[], $5::bigint[])
    AS stretch (topic, partition, topic_id, first, next)
  WHERE stored.topic = stretch.topic AND stored.partition = stretch.partition
    AND stored.topic_id = stretch.topic_id AND stored.next_offset = stretch.first
  RETURNING stored.topic, stored.partition`;
const bits = (column: string) => `('x' || ${column})::bit(${BLOCK})`;
// In the order of the keys: two who write the same blocks must not wait for each other.
const ADD_PUBLISHED = `INSERT INTO ledger_receipts (topic_id, partition, block, source, hour, redriven, receipts)
  SELECT $1, partition, block, source, to_timestamp(hour / 1000), redriven, ${bits('receipts')}
  FROM unnest($2::integer[], $3::bigint[], $4::text[], $5::bigint[], $6::boolean[], $7::text[])
    AS found (partition, block, source, hour, redriven, receipts)
  ORDER BY partition, block, source, hour, redriven
  ON CONFLICT (topic_id, partition, block, source, hour, redriven)
  DO UPDATE SET receipts = ledger_receipts.receipts | excluded.receipts, written_at = now()`;
const united = (column: string) =>
  `${column} = coalesce(ledger_block.${column} | excluded.${column}, ledger_block.${column}, excluded.${column})`;
const ADD_ENDED = `INSERT INTO ledger_block (topic_id, partition, block, projected, dead_lettered, empty, copied)
  SELECT $1, partition, block, ${bits('projected')}, ${bits('dead_lettered')}, ${bits('empty')}, ${bits('copied')}
  FROM unnest($2::integer[], $3::bigint[], $4::text[], $5::text[], $6::text[], $7::text[])
    AS found (partition, block, projected, dead_lettered, empty, copied)
  ORDER BY partition, block
  ON CONFLICT (topic_id, partition, block)
  DO UPDATE SET ${united('projected')}, ${united('dead_lettered')}, ${united('empty')}, ${united('copied')},
    written_at = now()`;
// Also offsets of the first block that are there no longer: where no receipt is, nothing can be open.
const DO_NOT_FOLLOW = `INSERT INTO ledger_block (topic_id, partition, block, copied)
  SELECT $1, $2, block, ${bitsBefore(`$4::bigint - block * ${BLOCK}`)}
  FROM generate_series($3::bigint / ${BLOCK}, ($4::bigint - 1) / ${BLOCK}) AS block
  ON CONFLICT (topic_id, partition, block) DO UPDATE SET ${united('copied')}, written_at = now()`;
const ADD_ACCEPTED = `INSERT INTO ledger_accepted (instance, source, hour, receipts, final)
  SELECT instance, source, to_timestamp(hour / 1000), receipts, final
  FROM unnest($1::uuid[], $2::text[], $3::bigint[], $4::bigint[], $5::boolean[])
    AS found (instance, source, hour, receipts, final)
  ORDER BY instance, source, hour
  ON CONFLICT (instance, source, hour) DO UPDATE SET receipts = greatest(ledger_accepted.receipts, excluded.receipts),
    final = ledger_accepted.final OR excluded.final, written_at = now()`;

/** Where the ledger has what it found, and how far it has read: written together, so that neither is without the other. */
export class LedgerStore {
  readonly #pool: Pool;

  constructor(pool: Pool) {
    this.#pool = pool;
  }

  /** How far a partition has been read; null: never. */
  async position(topic: string, partition: number): Promise<StoredPosition | null> {
    const { rows } = await query<{ topic_id: string; next_offset: string }>(this.#pool, {
      text: READ,
      values: [topic, partition],
    });
    const [row] = rows;
    return row === undefined ? null : { topicId: row.topic_id, next: BigInt(row.next_offset) };
  }

  /**
   * Lets a partition be read from here on, wherever it was.
   * @param followFrom where the partition is one of receipts: those before it are counted, and need not have ended
   */
  async beginAt(
    topic: string,
    partition: number,
    { topicId, next }: StoredPosition,
    followFrom: bigint,
  ): Promise<void> {
    await inTransaction(this.#pool, async (client) => {
      await query(client, { text: BEGIN_AT, values: [topic, partition, topicId, next] });
      if (followFrom > next) {
        await query(client, { text: DO_NOT_FOLLOW, values: [topicId, partition, next, followFrom] });
      }
    });
  }

  /** How far the ledger has read this topic, by partition. */
  read(topic: string, topicId: string): Promise<ReadonlyMap<number, bigint>> {
    return this.#offsets(READ_ALL, topic, topicId);
  }

  /** How far the projectors have come in this topic. */
  projected(topic: string, topicId: string): Promise<ReadonlyMap<number, bigint>> {
    return this.#offsets(PROJECTED, topic, topicId);
  }

  /**
   * Moves the positions and adds what was found, in one transaction. Stretches whose position is not where they begin are
   * left out: somebody else reads that partition.
   * @param rawTopicId id of the topic of raw receipts that events and dead letters speak of
   * @returns the stretches that are written
   */
  async write(stretches: readonly ReadStretch[], rawTopicId: string): Promise<ReadonlySet<ReadStretch>> {
    return inTransaction(this.#pool, async (client) => {
      // Lost with the server's last moments it is lost whole, and read again.
      await query(client, { text: 'SET LOCAL synchronous_commit = off' });
      const written = await move(client, stretches);
      const all = new Findings();
      for (const { findings } of written) all.include(findings);
      await addFindings(client, all, rawTopicId);
      return written;
    });
  }

  async #offsets(text: string, topic: string, topicId: string): Promise<ReadonlyMap<number, bigint>> {
    const { rows } = await query<{ partition: number; next: string }>(this.#pool, { text, values: [topic, topicId] });
    return new Map(rows.map(({ partition, next }) => [partition, BigInt(next)]));
  }
}

async function move(client: PoolClient, stretches: readonly ReadStretch[]): Promise<Set<ReadStretch>> {
  const { rows } = await query<{ topic: string; partition: number }>(client, {
    text: MOVE,
    values: [
      stretches.map(({ topic }) => topic),
      stretches.map(({ partition }) => partition),
      stretches.map(({ topicId }) => topicId),
      stretches.map(({ from }) => from),
      stretches.map(({ to }) => to),
    ],
  });
  const moved = new Set(rows.map(({ topic, partition }) => `${topic}/${partition}`));
  return new Set(stretches.filter(({ topic, partition }) => moved.has(`${topic}/${partition}`)));
}

async function addFindings(client: PoolClient, findings: Findings, rawTopicId: string): Promise<void> {
  const published = [...findings.published];
  const ended = [...findings.ended];
  const accepted = [...findings.accepted];
  const hexOf = (outcome: Outcome) => ended.map(({ bits: of }) => hex(of[outcome]));
  if (published.length > 0) {
    await query(client, {
      text: ADD_PUBLISHED,
      values: [
        rawTopicId,
        published.map(({ partition }) => partition),
        published.map(({ block }) => block),
        published.map(({ source }) => source),
        published.map(({ hour }) => hour),
        published.map(({ redriven }) => redriven),
        published.map(({ bits: receipts }) => receipts.toHex()),
      ],
    });
  }
  if (ended.length > 0) {
    await query(client, {
      text: ADD_ENDED,
      values: [
        rawTopicId,
        ended.map(({ partition }) => partition),
        ended.map(({ block }) => block),
        hexOf('projected'),
        hexOf('deadLettered'),
        hexOf('empty'),
        hexOf('copied'),
      ],
    });
  }
  if (accepted.length > 0) {
    await query(client, {
      text: ADD_ACCEPTED,
      values: [
        accepted.map(({ instance }) => instance),
        accepted.map(({ source }) => source),
        accepted.map(({ hour }) => hour),
        accepted.map(({ receipts }) => receipts),
        accepted.map(({ final }) => final),
      ],
    });
  }
}

function hex(ofReceipts: ReceiptBits | undefined): string | null {
  return ofReceipts?.toHex() ?? null;
}
