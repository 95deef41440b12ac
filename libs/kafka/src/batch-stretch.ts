import type { IncomingRecord } from './records.js';

/** Which records a batch holds, and how late they were, as every line about one says it. */
export interface BatchStretch {
  readonly topic: string;
  readonly partition: number;
  /** Offsets of the first and the last record. */
  readonly from: string;
  readonly to: string;
  /** Age of the last record by the clock of who wrote it: less than nothing where the two differ. */
  readonly lagSeconds: number;
}

/** @param records of one partition, in order; at least one */
export function batchStretch(records: readonly IncomingRecord[]): BatchStretch {
  const { topic, partition, offset: from } = records[0]!;
  const { offset: to, timestamp } = records.at(-1)!;
  return { topic, partition, from, to, lagSeconds: Math.round((Date.now() - timestamp) / 1000) };
}
