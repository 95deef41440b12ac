import type { TopicName } from '#contracts';
import type { IncomingRecord } from '#kafka';
import { headerText } from '#kafka';
import type { RowComparison } from './compare-rows.js';
import { compareRows } from './compare-rows.js';
import type { DeadLetterComparison } from './dead-letters.js';
import { compareDeadLetters, seenDeadLetter } from './dead-letters.js';
import { readRows } from './run-rows.js';
import type { TopicReader } from './topic-reader.js';
import { readTruth } from './truth.js';

/** Topics that a run leaves its traces on. */
export const WATCHED_TOPICS = [
  'raw-receipts.v1',
  'events.v1',
  'dead-letters.v1',
  'message-status.v1',
  'mobile-originated.v1',
  'review-status.v1',
  'account-status.v1',
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

/** The topics of subscribers. */
export type SubscriberTopic = 'message-status.v1' | 'mobile-originated.v1' | 'review-status.v1' | 'account-status.v1';

/** What is found of one run. */
export interface RunOutcome {
  readonly receipts: number;
  readonly eventsByType: ReadonlyMap<string, Tally>;
  readonly subscriberEvents: Readonly<Record<SubscriberTopic, Tally>>;
  readonly deadLetters: DeadLetterComparison;
  readonly rows: RowComparison;
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

/** Where a run has left its traces. */
export interface Traces {
  readonly reader: TopicReader;
  /** Where the topics ended before it began. */
  readonly from: TopicEnds;
  readonly databaseUrl: string;
  /** Address of who knows the truth. */
  readonly simulator: string;
}

/**
 * Looks up what became of a run, and compares it with the truth. Everything of the run holds its tag, so that other
 * receipts, also those that a restart found unfinished, are not counted.
 * @param startedAt RFC 3339
 */
export async function readOutcome(
  { reader, from, databaseUrl, simulator }: Traces,
  tag: string,
  startedAt: string,
): Promise<RunOutcome> {
  const recordsOf = async (topic: WatchedTopic): Promise<readonly IncomingRecord[]> =>
    (await reader.read(topic, from[topic])).filter((record) => record.value?.includes(tag) === true);
  const [raw, events, dead, messages, originated, reviews, accounts] = await Promise.all([
    recordsOf('raw-receipts.v1'),
    recordsOf('events.v1'),
    recordsOf('dead-letters.v1'),
    recordsOf('message-status.v1'),
    recordsOf('mobile-originated.v1'),
    recordsOf('review-status.v1'),
    recordsOf('account-status.v1'),
  ]);
  const byType = Map.groupBy(events, (record) => headerText(record, 'ce_type') ?? 'no type');
  return {
    receipts: raw.length,
    eventsByType: new Map([...byType].map(([type, records]) => [type, tally(records, eventId)])),
    subscriberEvents: {
      'message-status.v1': tally(messages, aggregateKey),
      'mobile-originated.v1': tally(originated, eventId),
      'review-status.v1': tally(reviews, aggregateKey),
      'account-status.v1': tally(accounts, aggregateKey),
    },
    deadLetters: await compareDeadLetters(readTruth(simulator), dead.map(seenDeadLetter)),
    rows: await compareRows(readTruth(simulator), readRows(databaseUrl, tag, startedAt)),
    latencies: [...messages, ...originated, ...reviews, ...accounts].flatMap(latencyOf).sort((a, b) => a - b),
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

function tally(records: readonly IncomingRecord[], identity: (record: IncomingRecord) => string): Tally {
  return { records: records.length, distinct: new Set(records.map(identity)).size };
}

function eventId(record: IncomingRecord): string {
  return headerText(record, 'ce_id') ?? '';
}

function aggregateKey(record: IncomingRecord): string {
  return headerText(record, 'ce_subject') ?? '';
}

function latencyOf(record: IncomingRecord): number[] {
  const receivedAt = uuidTime(headerText(record, 'ce_receiptid') ?? '');
  return receivedAt === null ? [] : [record.timestamp - receivedAt];
}
