import type { OutgoingRecord } from './records.js';

/** What a record may be on the wire, so that it fits a batch alone. Bytes. */
export const MAX_RECORD_BYTES = 1_000_000;

/** What a record takes on the wire, give or take the few bytes of its lengths: bytes. */
export function wireSize({ key, value, headers }: OutgoingRecord): number {
  let size = 32 + Buffer.byteLength(value) + (key === null ? 0 : Buffer.byteLength(key));
  for (const name in headers) size += name.length + Buffer.byteLength(headers[name]!) + 4;
  return size;
}
