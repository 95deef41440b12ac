import type { ClientBase, Pool } from 'pg';
import {
  scanTopic,
  spanOf,
  topicOffsets,
  type IncomingRecord,
  type KafkaSettings,
  type Stretch,
  type TopicIdentity,
} from '#kafka';
import { query } from '../store/query.js';
import { topicIdOf } from '../store/topic-id.js';
import { deadLetterEntry, type DeadLetterEntry } from './dead-letter-entry.js';

/** What keeping the table of dead letters needs. */
export interface IndexParts {
  readonly kafka: KafkaSettings;
  /** Full name of the dead-letters topic. */
  readonly topic: string;
  /** Which topic of that name the cluster has now. */
  readonly identify: (topic: string) => Promise<TopicIdentity>;
  readonly client: ClientBase | Pool;
}

/** The topic as the table names it, and where its partitions begin and end. */
export interface DeadLetterTopic {
  readonly topicId: string;
  readonly offsets: Awaited<ReturnType<typeof topicOffsets>>;
}

const MAX_LETTERS = 500;

const NEXT = `SELECT partition, (
    SELECT max(record_offset) + 1 FROM dead_letter WHERE topic_id = $1 AND dead_letter.partition = asked.partition
  ) AS next FROM unnest($2::integer[]) AS asked (partition)`;

const ADD = `INSERT INTO dead_letter (topic_id, partition, record_offset, code, detail, stage, source, receipt_id,
    element, origin, reader, redriven_from, at, state)
  SELECT $1, letter.*, 'open' FROM unnest($2::integer[], $3::bigint[], $4::text[], $5::text[], $6::text[], $7::text[],
    $8::text[], $9::integer[], $10::text[], $11::text[], $12::text[], $13::timestamptz[]) AS letter
  ON CONFLICT DO NOTHING`;

/**
 * Enters into the table what has come to the topic since. The rows themselves say how far it has been read, so each
 * letter is there exactly once, however often this is broken off, and however many do it at once.
 * @param onEntered told after each batch how many letters have been entered, and which part of all that is: 0 to 1
 * @returns the topic as it was found; everything in it up to there is in the table
 */
export async function indexDeadLetters(
  { kafka, topic, identify, client }: IndexParts,
  signal: AbortSignal,
  onEntered: (letters: number, fraction: number) => void = ignore,
): Promise<DeadLetterTopic> {
  // First: should the topic be made anew after that, its letters stand under the old id, and are entered again next time.
  const topicId = topicIdOf(await identify(topic));
  const found: DeadLetterTopic = { topicId, offsets: await topicOffsets(kafka, topic) };
  const stretches = await unread(client, found);
  const whole = spanOf(stretches);
  let entered = 0;
  await scanTopic({
    kafka,
    topic,
    stretches,
    maxRecords: MAX_LETTERS,
    signal,
    handle: async (records) => {
      await add(client, found.topicId, records);
      entered += records.length;
      onEntered(entered, entered / whole);
    },
  });
  return found;
}

async function unread(
  client: IndexParts['client'],
  { topicId, offsets }: DeadLetterTopic,
): Promise<Map<number, Stretch>> {
  const { rows } = await query<{ partition: number; next: string | null }>(client, {
    text: NEXT,
    values: [topicId, [...offsets.keys()]],
  });
  return new Map(
    rows.map(({ partition, next }) => {
      const { low, high } = offsets.get(partition)!;
      const from = next === null || BigInt(next) < low ? low : BigInt(next);
      return [partition, { from, to: high }];
    }),
  );
}

async function add(client: IndexParts['client'], topicId: string, records: readonly IncomingRecord[]): Promise<void> {
  const entries = records.map(deadLetterEntry);
  const column = (name: keyof DeadLetterEntry) => entries.map((entry) => entry[name]);
  await query(client, {
    text: ADD,
    values: [
      topicId,
      column('partition'),
      column('offset'),
      column('code'),
      column('detail'),
      column('stage'),
      column('source'),
      column('receiptId'),
      column('element'),
      column('origin'),
      column('reader'),
      column('redrivenFrom'),
      column('at'),
    ],
  });
}

function ignore(): void {
  // Nobody has to hear of it.
}
