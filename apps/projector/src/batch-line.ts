import { headerText, recordOrigin, type IncomingRecord } from '#kafka';
import { traceFields } from '#runtime';
import type { Failure, ProjectedBatch } from './project-batch.js';

/** Ids are ours, unless somebody else writes to the topic: what is not of their form is not repeated. */
const RECEIPT_ID = /^[0-9a-f-]{36}$/;

/** What a line says of a batch: which records, what they came to, how long each step took and how late it was. */
export function batchLine(
  records: readonly IncomingRecord[],
  { events, told, deadLetters, steps }: ProjectedBatch,
): Readonly<Record<string, unknown>> {
  const { topic, partition, offset: from } = records[0]!;
  const { offset: to, timestamp } = records.at(-1)!;
  return {
    topic,
    partition,
    from,
    to,
    events,
    changes: told.changes,
    deadLetters: deadLetters.length,
    mergeMs: Math.round(steps.merge),
    publishMs: Math.round(steps.publish),
    commitMs: Math.round(steps.commit),
    // By the clock of who wrote the record: less than nothing where the two differ.
    lagSeconds: Math.round((Date.now() - timestamp) / 1000),
  };
}

/** What a line says of an event that was put aside. */
export function deadLetterLine({ record, reason: { code } }: Failure): Readonly<Record<string, unknown>> {
  const receiptId = headerText(record, 'ce_receiptid');
  return {
    code,
    origin: recordOrigin(record),
    ...(receiptId !== undefined && RECEIPT_ID.test(receiptId) ? { receiptId } : {}),
    ...traceFields(headerText(record, 'traceparent')),
  };
}
