import { batchStretch, type IncomingRecord } from '#kafka';
import type { Tally } from './tally.js';

/** How long a batch took, ms: in all, and of that until Kafka had what it became. */
export interface BatchTimes {
  readonly ms: number;
  readonly publishMs: number;
}

/** What a line says of a batch: which records, what they came to, how long it took and how late it was. */
export function batchLine(
  records: readonly IncomingRecord[],
  { events, deadLetters, unknownCodes, empty }: Tally,
  { ms, publishMs }: BatchTimes,
): Readonly<Record<string, unknown>> {
  return {
    ...batchStretch(records),
    records: records.length,
    events: Object.fromEntries(events),
    deadLetters: deadLetters.length,
    unknownCodes: [...unknownCodes.values()].reduce((sum, count) => sum + count, 0),
    empty,
    ms: Math.round(ms),
    publishMs: Math.round(publishMs),
  };
}
