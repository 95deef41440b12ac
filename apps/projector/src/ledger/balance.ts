import type { ClientBase, Pool } from 'pg';
import { query } from '../store/query.js';
import type { Reckoning } from './reckoning.js';
import { bitsBefore, BLOCK, offsetsIn } from './receipt-bits.js';

/** Which hours are looked at. */
export interface HourRange {
  readonly from: Date;
  /** The first hour that is not. */
  readonly to: Date;
}

/** What became of the receipts of one source that came in within one hour. Numbers of receipts. */
export interface HourOfReceipts {
  readonly source: string;
  readonly hour: Date;
  /** In the topic, sent in again by operators or not. */
  readonly published: number;
  /** Of these, sent in again by operators. */
  readonly redriven: number;
  /** An event of theirs is in the tables. A receipt of several elements may be a dead letter beside that. */
  readonly projected: number;
  readonly deadLettered: number;
  readonly empty: number;
  /** In the topic, none of the three, and no copy has been sent in. */
  readonly open: number;
  /** Open, and the normaliser has not read them yet. */
  readonly unread: number;
}

/** What the ingress counted. */
export interface HourOfAccepted {
  readonly source: string;
  readonly hour: Date;
  readonly receipts: number;
  /** Whether every start of the ingress has said its last word; else there may have been more. */
  readonly final: boolean;
}

/** Receipts that are open although the normaliser is past them: of one source and hour, in one block of a partition. */
export interface OpenReceipts {
  readonly topicId: string;
  readonly partition: number;
  readonly source: string;
  readonly hour: Date;
  readonly offsets: readonly number[];
}

const NONE = `B'0'::bit(${BLOCK})`;
const ALL = `(~${NONE})`;
const ENDED = `coalesce(b.projected, ${NONE}) | coalesce(b.dead_lettered, ${NONE}) | coalesce(b.empty, ${NONE})
  | coalesce(b.copied, ${NONE})`;
const OPEN = `(r.receipts & ~(${ENDED}))`;
/** The offsets of a block that the normaliser is past: all of a topic that is no more, since nobody will read it. */
const READ = `(CASE WHEN b.topic_id <> $1 THEN ${ALL}
  ELSE ${bitsBefore(`coalesce(n.next, 0) - b.block * ${BLOCK}`)} END)`;
const NORMALISED = 'unnest($2::integer[], $3::bigint[]) AS n (partition, next)';

const HOURS = `SELECT source, hour, sum(bit_count(receipts)) AS published,
    coalesce(sum(bit_count(receipts)) FILTER (WHERE redriven), 0) AS redriven,
    coalesce(sum(bit_count(receipts & projected)), 0) AS projected,
    coalesce(sum(bit_count(receipts & dead_lettered)), 0) AS dead_lettered,
    coalesce(sum(bit_count(receipts & empty)), 0) AS empty,
    sum(bit_count(open)) AS open, sum(bit_count(open & ~read)) AS unread
  FROM (
    SELECT r.source, r.hour, r.redriven, r.receipts, b.projected, b.dead_lettered, b.empty, ${OPEN} AS open, ${READ} AS read
    FROM ledger_receipts r JOIN ledger_block b USING (topic_id, partition, block) LEFT JOIN ${NORMALISED} USING (partition)
    WHERE r.hour >= $4 AND r.hour < $5) AS receipts
  GROUP BY source, hour ORDER BY hour, source`;
const ACCEPTED = `SELECT source, hour, sum(receipts) AS receipts, bool_and(final) AS final FROM ledger_accepted
  WHERE hour >= $1 AND hour < $2 GROUP BY source, hour ORDER BY hour, source`;
const MISSING = `SELECT r.topic_id, r.partition, r.block, r.source, r.hour, ${OPEN} & ${READ} AS open
  FROM ledger_block b JOIN ledger_receipts r USING (topic_id, partition, block) LEFT JOIN ${NORMALISED} USING (partition)
  WHERE NOT b.complete AND bit_count(${OPEN} & ${READ}) > 0`;
// Nothing more is published into a block that has been read to its end, and nothing of it is open.
const COMPLETE = `UPDATE ledger_block SET complete = true WHERE ctid = ANY (ARRAY (
    SELECT b.ctid FROM ledger_block b JOIN ledger_offset o ON o.topic = $1 AND o.topic_id = b.topic_id AND o.partition = b.partition
    WHERE NOT b.complete AND o.next_offset >= (b.block + 1) * ${BLOCK} AND NOT EXISTS (
      SELECT FROM ledger_receipts r WHERE (r.topic_id, r.partition, r.block) = (b.topic_id, b.partition, b.block)
        AND bit_count(${OPEN}) > 0)
    LIMIT $2))`;
/** Blocks that one statement marks: after a long absence there are tens of thousands, and a statement has 10 s. */
const BLOCKS_A_STEP = 1_000;

/** What the ledger says of the hours of a range: those in which something was published. */
export async function readHours(
  client: ClientBase | Pool,
  { rawTopicId, normalised }: Reckoning,
  { from, to }: HourRange,
): Promise<HourOfReceipts[]> {
  const { rows } = await query<Record<string, string> & { hour: Date }>(client, {
    text: HOURS,
    values: [rawTopicId, [...normalised.keys()], [...normalised.values()], from, to],
  });
  return rows.map((row) => ({
    source: row.source!,
    hour: row.hour,
    published: Number(row.published),
    redriven: Number(row.redriven),
    projected: Number(row.projected),
    deadLettered: Number(row.dead_lettered),
    empty: Number(row.empty),
    open: Number(row.open),
    unread: Number(row.unread),
  }));
}

/** What the ingress has counted in the hours of a range. */
export async function readAccepted(client: ClientBase | Pool, { from, to }: HourRange): Promise<HourOfAccepted[]> {
  const { rows } = await query<{ source: string; hour: Date; receipts: string; final: boolean }>(client, {
    text: ACCEPTED,
    values: [from, to],
  });
  return rows.map((row) => ({ ...row, receipts: Number(row.receipts) }));
}

/**
 * Open receipts that the normaliser is past. They are on their way, or missing; which, only a look at everything that was
 * made of them by then can tell: see `Reckoner`.
 * @param range null: all there are
 * @param source null: every one
 * @param limit rows, each of a block, a source and an hour
 */
export async function readOpen(
  client: ClientBase | Pool,
  { rawTopicId, normalised }: Pick<Reckoning, 'rawTopicId' | 'normalised'>,
  { range, source }: { readonly range: HourRange | null; readonly source: string | null },
  limit: number,
): Promise<OpenReceipts[]> {
  const { rows } = await query<{
    topic_id: string;
    partition: number;
    block: string;
    source: string;
    hour: Date;
    open: string;
  }>(client, {
    text: `${MISSING} AND ($4::timestamptz IS NULL OR r.hour >= $4) AND ($5::timestamptz IS NULL OR r.hour < $5)
      AND ($6::text IS NULL OR r.source = $6) ORDER BY r.topic_id, r.partition, r.block LIMIT $7`,
    values: [
      rawTopicId,
      [...normalised.keys()],
      [...normalised.values()],
      range?.from ?? null,
      range?.to ?? null,
      source,
      limit,
    ],
  });
  return rows.map(({ topic_id: topicId, partition, block, source, hour, open }) => ({
    topicId,
    partition,
    source,
    hour,
    offsets: offsetsIn(Number(block), open),
  }));
}

/** Marks blocks in which nothing is open and nothing new will come: nobody has to look at them again. */
export async function markComplete(client: ClientBase | Pool, rawTopic: string, signal: AbortSignal): Promise<void> {
  const step = () => query(client, { text: COMPLETE, values: [rawTopic, BLOCKS_A_STEP] });
  while (!signal.aborted && (await step()).rowCount === BLOCKS_A_STEP);
}
