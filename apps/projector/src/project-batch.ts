import type { Pool, PoolClient } from 'pg';
import { encodeEvent, type CanonicalEvent, type EventType, type TopicName } from '#contracts';
import { PermanentError, type IncomingRecord, type OutgoingRecord } from '#kafka';
import type { TracedBatch } from '#tracing';
import { decodeEvent } from './decode-event.js';
import { KINDS, topicOfChange, type Kind } from './kinds.js';
import type { Erasures } from './merge/erasure.js';
import { MAX_FACTS, MAX_FACTS_SIZE, mergeEvents } from './merge-events.js';
import { BEGIN_BEFORE_ERASURES, type ErasureStore } from './store/erasures.js';
import type { Offsets } from './store/offsets.js';
import { inTransaction } from './store/transaction.js';
import { countTold, type Told } from './told.js';

/**
 * Events a transaction takes. A fetch brings 1 MiB of a partition, some 650 events: with a limit below that, every other
 * transaction would be a small remainder, and its round trips and its commit cost as much as those of a full one.
 */
export const MAX_EVENTS = 1_000;

/** What projecting needs. */
export interface ProjectorParts {
  readonly pool: Pool;
  readonly offsets: Offsets;
  readonly erasures: ErasureStore;
  readonly topics: Readonly<Record<TopicName, string>>;
  /** Durable when it resolves. */
  readonly publishAll: (records: readonly OutgoingRecord[]) => Promise<void>;
  readonly deadLetter: (record: IncomingRecord, reason: PermanentError) => OutgoingRecord;
}

/** What a batch came to. */
export interface ProjectedBatch {
  readonly events: number;
  readonly told: Told;
  readonly deadLetters: readonly Failure[];
  /** How long the steps took, ms: reading, merging and writing; until Kafka had the changes; until they were committed. */
  readonly steps: { readonly merge: number; readonly publish: number; readonly commit: number };
}

/** A record that cannot be projected. */
export interface Failure {
  readonly record: IncomingRecord;
  readonly reason: PermanentError;
}

/** Records as events, and those that are none. */
export interface Decoded {
  /** By type; submissions stand among the reports, since both are about messages and are merged in their order. */
  readonly events: ReadonlyMap<EventType, readonly CanonicalEvent[]>;
  readonly records: ReadonlyMap<CanonicalEvent, IncomingRecord>;
  readonly failures: readonly Failure[];
}

/** What events came to. */
export interface Projected {
  readonly changes: readonly CanonicalEvent[];
  readonly failures: readonly Failure[];
}

/** What a span of the transaction says. Its statements are always the same, and their values somebody's. */
const TRANSACTION = { 'db.system.name': 'postgresql', 'db.operation.name': 'transaction' };

/** Under which type everything stands that becomes a message. */
const MESSAGE_FACTS: EventType = 'io.quittance.message.status-reported.v1';

/**
 * Projects records of one partition, in one transaction: move the offset, read, merge, write, publish, commit. Publishing
 * comes before the commit and is waited for: a crash in between repeats the batch, which publishes the same changes
 * under the same ids and revisions. (docs/decisions/0005-publish-inside-the-transaction.md)
 * @param trace of the batch; null: nothing of it is traced
 */
export async function projectBatch(
  records: readonly IncomingRecord[],
  parts: ProjectorParts,
  trace: TracedBatch | null = null,
): Promise<ProjectedBatch> {
  const { topic, partition } = records[0]!;
  const next = String(BigInt(records.at(-1)!.offset) + 1n);
  const began = performance.now();
  let [merged, published] = [began, began];
  const decoded = decodeRecords(records, trace);

  // Beside the work: it costs the batch no time.
  const confirmed = parts.offsets.confirm(topic, partition);
  confirmed.catch(ignore);

  const work = async (client: PoolClient): Promise<Projected> => {
    const version = await parts.offsets.move(client, topic, partition, next);
    const all = await projectEvents(client, decoded, await parts.erasures.at(client, version));
    await confirmed;
    merged = performance.now();
    await parts.publishAll([
      ...all.changes.map((change) => changeRecord(change, parts.topics, trace)),
      ...all.failures.map(({ record, reason }) => parts.deadLetter(record, reason)),
    ]);
    published = performance.now();
    return all;
  };
  const transaction = trace?.step('transaction', 'client', TRANSACTION);
  const { changes, failures } = await inTransaction(parts.pool, work, BEGIN_BEFORE_ERASURES);
  transaction?.end();
  for (const { record, reason } of failures) trace?.reject(record, reason.code);

  parts.offsets.committed(topic, partition, next);
  return {
    events: records.length - failures.length,
    told: countTold(changes),
    deadLetters: failures,
    steps: { merge: merged - began, publish: published - merged, commit: performance.now() - published },
  };
}

/** Puts one record aside and moves past it. */
export async function putAside(record: IncomingRecord, reason: PermanentError, parts: ProjectorParts): Promise<void> {
  const next = String(BigInt(record.offset) + 1n);
  await inTransaction(parts.pool, async (client) => {
    await parts.offsets.move(client, record.topic, record.partition, next);
    await parts.offsets.confirm(record.topic, record.partition);
    await parts.publishAll([parts.deadLetter(record, reason)]);
  });
  parts.offsets.committed(record.topic, record.partition, next);
}

/**
 * Merges events into the tables, inside the transaction of `client`. The changes are for the caller to publish.
 * @param erasures persons that have been erased, as they stand until the transaction ends; null: nobody has
 */
export async function projectEvents(
  client: PoolClient,
  decoded: Decoded,
  erasures: Erasures | null,
): Promise<Projected> {
  const projected: Projected[] = [];
  for (const kind of KINDS) projected.push(await project(client, decoded, kind, erasures));
  return {
    changes: projected.flatMap(({ changes }) => changes),
    failures: [...decoded.failures, ...projected.flatMap(({ failures }) => failures)],
  };
}

/** The events of records. */
export function decodeRecords(records: readonly IncomingRecord[], trace: TracedBatch | null = null): Decoded {
  const events = new Map<EventType, CanonicalEvent[]>();
  const recordOf = new Map<CanonicalEvent, IncomingRecord>();
  const failures: Failure[] = [];
  for (const record of records) {
    const decoded = decodeEvent(record);
    if (decoded instanceof PermanentError) {
      failures.push({ record, reason: decoded });
      continue;
    }
    const span = trace?.of(record);
    const event = span === undefined ? decoded : { ...decoded, trace: span.headers };
    recordOf.set(event, record);
    const type = event.type === 'io.quittance.message.submitted.v1' ? MESSAGE_FACTS : event.type;
    const sameType = events.get(type);
    if (sameType) sameType.push(event);
    else events.set(type, [event]);
  }
  return { events, records: recordOf, failures };
}

async function project(
  client: PoolClient,
  { events: byType, records }: Decoded,
  { type, table, projection }: Kind,
  erasures: Erasures | null,
): Promise<Projected> {
  const events = byType.get(type);
  if (!events) return { changes: [], failures: [] };
  const keys = [...new Set(events.map(projection.keyOf))];
  const stored = await table.read(client, keys);
  const sizeOf = (event: CanonicalEvent) => records.get(event)!.value?.length ?? 0;
  const { writes, changes, refused } = mergeEvents(events, stored, projection, sizeOf, erasures);
  await table.write(client, writes);
  const reason = new PermanentError('AGGREGATE_FULL', `${MAX_FACTS} facts or ${MAX_FACTS_SIZE} characters`);
  return { changes, failures: refused.map((event) => ({ record: records.get(event)!, reason })) };
}

/**
 * A change as its subscribers get it.
 * @param trace of the batch that it comes of; null: nothing of it is traced
 */
export function changeRecord(
  change: CanonicalEvent,
  topics: ProjectorParts['topics'],
  trace: TracedBatch | null = null,
): OutgoingRecord {
  const topic = topics[topicOfChange(change.type)];
  const sent = trace === null || change.trace === undefined ? null : trace.send(change.trace, topic, 1);
  return { topic, ...encodeEvent(change, change.rawPosition, sent?.headers) };
}

function ignore(): void {
  // Whoever awaits the promise hears of it; where the transaction fails first, nobody has to.
}
