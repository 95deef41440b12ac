import { createHash } from 'node:crypto';
import pg from 'pg';
import type { TopicName } from '#contracts';
import type { IncomingRecord } from '#kafka';
import { headerText } from '#kafka';
import type { TopicReader } from './topic-reader.js';

/** Topics that a run leaves its traces on. */
export const WATCHED_TOPICS = [
  'raw-receipts.v1',
  'events.v1',
  'dead-letters.v1',
  'message-status.v1',
  'mobile-originated.v1',
  'review-status.v1',
] as const satisfies readonly TopicName[];

/** One of them. */
export type WatchedTopic = (typeof WATCHED_TOPICS)[number];

/** Where each watched topic ended at some moment. */
export type TopicEnds<T extends WatchedTopic = WatchedTopic> = Readonly<Record<T, ReadonlyMap<number, bigint>>>;

/** Records, and how many different things they are about: a repeated push makes records that say nothing new. */
export interface Tally {
  readonly records: number;
  readonly distinct: number;
}

/** What is found of one run. */
export interface RunOutcome {
  readonly receipts: number;
  readonly eventsByType: ReadonlyMap<string, Tally>;
  readonly subscriberEvents: Readonly<Record<'message-status.v1' | 'mobile-originated.v1' | 'review-status.v1', Tally>>;
  readonly deadLetters: Tally;
  readonly rows: { readonly message: number; readonly mobileOriginated: number; readonly review: number };
  readonly rowsByStatus: { readonly delivered: number; readonly approved: number; readonly rejected: number };
  /** Milliseconds from the receipt's arrival to each subscriber event, ascending. */
  readonly latencies: readonly number[];
}

/** Reads where each of the given topics ends now. */
export async function topicEnds<T extends WatchedTopic>(
  reader: TopicReader,
  topics: readonly T[],
): Promise<TopicEnds<T>> {
  const ends = await Promise.all(topics.map(async (topic) => [topic, await reader.ends(topic)] as const));
  return Object.fromEntries(ends) as Record<T, ReadonlyMap<number, bigint>>;
}

/**
 * Looks up what became of a run. Everything of the run has its tag in an id, so that other receipts, also those that
 * a restart found unfinished, are not counted.
 */
export async function readOutcome(
  reader: TopicReader,
  databaseUrl: string,
  from: TopicEnds,
  tag: string,
): Promise<RunOutcome> {
  const [raw, events, dead, messages, originated, reviews] = await Promise.all(
    WATCHED_TOPICS.map(async (topic) =>
      (await reader.read(topic, from[topic])).filter((record) => record.value?.includes(tag) === true),
    ),
  );
  const published = [messages, originated, reviews].map((records) => records ?? []);
  const byType = Map.groupBy(events ?? [], (record) => headerText(record, 'ce_type') ?? 'no type');
  return {
    receipts: raw?.length ?? 0,
    eventsByType: new Map([...byType].map(([type, records]) => [type, tally(records, eventId)])),
    subscriberEvents: {
      'message-status.v1': tally(messages, aggregateKey),
      'mobile-originated.v1': tally(originated, eventId),
      'review-status.v1': tally(reviews, aggregateKey),
    },
    deadLetters: tally(dead, contentHash),
    ...(await readRows(databaseUrl, tag)),
    latencies: published
      .flat()
      .flatMap(latencyOf)
      .sort((a, b) => a - b),
  };
}

/** A quantile of ascending numbers; null of none. */
export function quantile(ascending: readonly number[], fraction: number): number | null {
  return ascending[Math.min(ascending.length - 1, Math.floor(ascending.length * fraction))] ?? null;
}

/** When a UUIDv7 was made, Unix ms (RFC 9562, section 5.7: the first 48 bits); null if it is no such UUID. */
export function uuidTime(uuid: string): number | null {
  if (!/^[0-9a-f]{8}-[0-9a-f]{4}-7/i.test(uuid)) return null;
  return Number.parseInt(uuid.slice(0, 8) + uuid.slice(9, 13), 16);
}

function tally(records: readonly IncomingRecord[] = [], identity: (record: IncomingRecord) => string): Tally {
  return { records: records.length, distinct: new Set(records.map(identity)).size };
}

function eventId(record: IncomingRecord): string {
  return headerText(record, 'ce_id') ?? '';
}

function aggregateKey(record: IncomingRecord): string {
  return headerText(record, 'ce_subject') ?? '';
}

function contentHash(record: IncomingRecord): string {
  return createHash('sha256')
    .update(record.value ?? '')
    .digest('hex');
}

function latencyOf(record: IncomingRecord): number[] {
  const receivedAt = uuidTime(headerText(record, 'ce_receiptid') ?? '');
  return receivedAt === null ? [] : [record.timestamp - receivedAt];
}

async function readRows(databaseUrl: string, tag: string): Promise<Pick<RunOutcome, 'rows' | 'rowsByStatus'>> {
  const client = new pg.Client({ connectionString: databaseUrl });
  // Without a listener a lost connection would end this process.
  client.on('error', () => undefined);
  await client.connect();
  try {
    const { rows } = await client.query<Record<string, number>>(
      `SELECT
        (SELECT count(*)::int FROM message WHERE message_id LIKE $1) AS message,
        (SELECT count(*)::int FROM message WHERE message_id LIKE $1 AND status = 'delivered') AS delivered,
        (SELECT count(*)::int FROM mobile_originated WHERE origin_id LIKE $1) AS mobile_originated,
        (SELECT count(*)::int FROM review WHERE review_id LIKE $1) AS review,
        (SELECT count(*)::int FROM review WHERE review_id LIKE $1 AND status = 'approved') AS approved,
        (SELECT count(*)::int FROM review WHERE review_id LIKE $1 AND status = 'rejected') AS rejected`,
      [`${tag}%`],
    );
    const found = (name: string): number => rows[0]?.[name] ?? 0;
    return {
      rows: { message: found('message'), mobileOriginated: found('mobile_originated'), review: found('review') },
      rowsByStatus: { delivered: found('delivered'), approved: found('approved'), rejected: found('rejected') },
    };
  } finally {
    await client.end();
  }
}
