import { UUID } from '#contracts';
import { batchStretch, headerText, recordOrigin, type IncomingRecord } from '#kafka';
import { traceFields } from '#runtime';
import type { Failure, ProjectedBatch } from './project-batch.js';

/** What a line says of a batch: which records, what they came to, how long each step took and how late it was. */
export function batchLine(
  records: readonly IncomingRecord[],
  { events, told, deadLetters, steps }: ProjectedBatch,
): Readonly<Record<string, unknown>> {
  return {
    ...batchStretch(records),
    events,
    changes: told.changes,
    deadLetters: deadLetters.length,
    mergeMs: Math.round(steps.merge),
    publishMs: Math.round(steps.publish),
    commitMs: Math.round(steps.commit),
  };
}

/** What a line says of an event that was put aside. */
export function deadLetterLine({ record, reason: { code } }: Failure): Readonly<Record<string, unknown>> {
  // Ids are ours, unless somebody else writes to the topic: what is not of their form is not repeated.
  const receiptId = headerText(record, 'ce_receiptid');
  return {
    code,
    origin: recordOrigin(record),
    ...(receiptId !== undefined && UUID.test(receiptId) ? { receiptId } : {}),
    ...traceFields(headerText(record, 'traceparent')),
  };
}
