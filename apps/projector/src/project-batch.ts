import type { Pool, PoolClient } from 'pg';
import { encodeEvent, type CanonicalEvent, type EventType, type TopicName } from '#contracts';
import { PermanentError, type IncomingRecord, type OutgoingRecord } from '#kafka';
import { decodeEvent } from './decode-event.js';
import {
  accountProjection,
  mergeEvents,
  messageProjection,
  mobileOriginatedProjection,
  reviewProjection,
  type Projection,
} from './merge-events.js';
import type { AggregateTable } from './store/aggregates.js';
import type { Offsets } from './store/offsets.js';
import { accountStatusTable, messageTable, mobileOriginatedTable, reviewTable } from './store/tables.js';
import { inTransaction } from './store/transaction.js';

/** What projecting needs. */
export interface ProjectorParts {
  readonly pool: Pool;
  readonly offsets: Offsets;
  readonly topics: Readonly<Record<TopicName, string>>;
  /** Durable when it resolves. */
  readonly publishAll: (records: readonly OutgoingRecord[]) => Promise<void>;
  readonly deadLetter: (record: IncomingRecord, reason: PermanentError) => OutgoingRecord;
}

/** What a batch came to. */
export interface ProjectedBatch {
  readonly events: number;
  readonly changes: Readonly<Partial<Record<EventType, number>>>;
  readonly deadLetters: readonly PermanentError[];
}

interface Decoded {
  readonly events: ReadonlyMap<EventType, readonly CanonicalEvent[]>;
  readonly failures: readonly { readonly record: IncomingRecord; readonly reason: PermanentError }[];
}

/** Which topic a change is published to. */
const TOPIC_OF_CHANGE: Partial<Record<EventType, TopicName>> = {
  'io.quittance.message.status-changed.v1': 'message-status.v1',
  'io.quittance.message.received.v1': 'mobile-originated.v1',
  'io.quittance.review.status-changed.v1': 'review-status.v1',
  'io.quittance.account.status-changed.v1': 'account-status.v1',
};

/**
 * Projects records of one partition, in one transaction: move the offset, read, merge, write, publish, commit. Publishing
 * comes before the commit and is waited for: a crash in between repeats the batch, which publishes the same changes
 * under the same ids and revisions. (docs/decisions/0005-publish-inside-the-transaction.md)
 */
export async function projectBatch(records: readonly IncomingRecord[], parts: ProjectorParts): Promise<ProjectedBatch> {
  const { topic, partition } = records[0]!;
  const next = String(BigInt(records.at(-1)!.offset) + 1n);
  const decoded = decodeAll(records);

  const changes = await inTransaction(parts.pool, async (client) => {
    await parts.offsets.move(client, topic, partition, next);
    const changed = [
      ...(await project(client, decoded, 'io.quittance.message.status-reported.v1', messageTable, messageProjection)),
      ...(await project(
        client,
        decoded,
        'io.quittance.message.originated.v1',
        mobileOriginatedTable,
        mobileOriginatedProjection,
      )),
      ...(await project(client, decoded, 'io.quittance.review.status-reported.v1', reviewTable, reviewProjection)),
      ...(await project(
        client,
        decoded,
        'io.quittance.account.status-reported.v1',
        accountStatusTable,
        accountProjection,
      )),
    ];
    await parts.publishAll([
      ...changed.map((change) => changeRecord(change, parts.topics)),
      ...decoded.failures.map(({ record, reason }) => parts.deadLetter(record, reason)),
    ]);
    return changed;
  });

  parts.offsets.committed(topic, partition, next);
  return {
    events: records.length - decoded.failures.length,
    changes: countByType(changes),
    deadLetters: decoded.failures.map(({ reason }) => reason),
  };
}

/** Puts one record aside and moves past it. */
export async function putAside(record: IncomingRecord, reason: PermanentError, parts: ProjectorParts): Promise<void> {
  const next = String(BigInt(record.offset) + 1n);
  await inTransaction(parts.pool, async (client) => {
    await parts.offsets.move(client, record.topic, record.partition, next);
    await parts.publishAll([parts.deadLetter(record, reason)]);
  });
  parts.offsets.committed(record.topic, record.partition, next);
}

function decodeAll(records: readonly IncomingRecord[]): Decoded {
  const events = new Map<EventType, CanonicalEvent[]>();
  const failures: { record: IncomingRecord; reason: PermanentError }[] = [];
  for (const record of records) {
    const event = decodeEvent(record);
    if (event instanceof PermanentError) {
      failures.push({ record, reason: event });
      continue;
    }
    const sameType = events.get(event.type);
    if (sameType) sameType.push(event);
    else events.set(event.type, [event]);
  }
  return { events, failures };
}

async function project<D, S>(
  client: PoolClient,
  decoded: Decoded,
  type: EventType,
  table: AggregateTable<D, S>,
  projection: Projection<D, S>,
): Promise<readonly CanonicalEvent[]> {
  const events = decoded.events.get(type);
  if (!events) return [];
  const keys = [...new Set(events.map(projection.keyOf))];
  const { writes, changes } = mergeEvents(events, await table.read(client, keys), projection);
  await table.write(client, writes);
  return changes;
}

function changeRecord(change: CanonicalEvent, topics: ProjectorParts['topics']): OutgoingRecord {
  return { topic: topics[TOPIC_OF_CHANGE[change.type]!], ...encodeEvent(change) };
}

function countByType(changes: readonly CanonicalEvent[]): ProjectedBatch['changes'] {
  const counts: Partial<Record<EventType, number>> = {};
  for (const { type } of changes) counts[type] = (counts[type] ?? 0) + 1;
  return counts;
}
