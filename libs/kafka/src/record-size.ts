import type { EncodedRecord } from './kafkajs/record-encoder.js';

/** What a record may be on the wire, so that it fits a batch alone. Bytes. */
export const MAX_RECORD_BYTES = 1_000_000;

/** What its place in a batch adds to a record at most: its length, attributes, time and offset. */
const PLACE_BYTES = 12;

/** What a record takes on the wire: bytes. */
export function wireSize({ start, end }: EncodedRecord): number {
  return end - start + PLACE_BYTES;
}
