import { randomUUID } from 'node:crypto';
import type { MessageStatusChanged } from '#contracts';
import type { IncomingRecord, OutgoingRecord } from '#kafka';
import { header } from '../system/installation.js';

/** The headers that Quittance gives a change. */
const HEADERS = [
  'ce_specversion',
  'ce_id',
  'ce_source',
  'ce_type',
  'ce_subject',
  'ce_time',
  'ce_dataschema',
  'ce_partitionkey',
  'ce_receiptid',
  'content-type',
];

/** The data of a change. */
export function changeOf(record: IncomingRecord): MessageStatusChanged {
  return JSON.parse(record.value!.toString()) as MessageStatusChanged;
}

/** The same record once more, as after a crash or a rebalance. */
export function again(record: IncomingRecord): OutgoingRecord {
  return {
    topic: record.topic,
    key: record.key,
    value: record.value!,
    headers: Object.fromEntries(HEADERS.map((name) => [name, header(record, name)])),
  };
}

/** A record like this one with another id, and other data or headers. */
export function like(
  record: IncomingRecord,
  data: Readonly<Record<string, unknown>>,
  headers: Readonly<Record<string, string>> = {},
): OutgoingRecord {
  const copy = again(record);
  return {
    ...copy,
    value: JSON.stringify({ ...changeOf(record), ...data }),
    headers: { ...copy.headers, ce_id: randomUUID(), ...headers },
  };
}
