import { createHash } from 'node:crypto';
import { encodeEvent, type DeadLetterCode } from '#contracts';
import type { OutgoingRecord } from '#kafka';
import { report } from '../storage/reports.js';

/** A record that breaks the contract, and the code of the dead letter that it must become. */
export interface Poison {
  readonly code: DeadLetterCode;
  readonly record: Omit<OutgoingRecord, 'topic'>;
  /** Absent: it does not matter. */
  readonly key?: string;
}

/** Far from the messages of a feed: none of these may become a row. */
const NOBODY = 900_000_000;
const good = encodeEvent(report(NOBODY));

function changed(changes: Readonly<Record<string, unknown>>): string {
  return JSON.stringify({ ...(JSON.parse(good.value) as object), ...changes });
}

function without(...names: readonly string[]): Readonly<Record<string, string | Buffer>> {
  return Object.fromEntries(Object.entries(good.headers).filter(([name]) => !names.includes(name)));
}

/** So many characters, the same each time. */
function incompressible(length: number): string {
  let text = '';
  while (text.length < length) text += createHash('sha256').update(text).digest('base64');
  return text.slice(0, length);
}

const withValue = (value: string, code: DeadLetterCode = 'EVENT_INVALID'): Poison => ({
  code,
  record: { ...good, value },
});
const withHeaders = (headers: Readonly<Record<string, string | Buffer>>, code: DeadLetterCode): Poison => ({
  code,
  record: { ...good, headers },
});

/** One of each kind. */
export const POISON: readonly Poison[] = [
  withHeaders({}, 'HEADERS_INVALID'),
  withHeaders(without('ce_subject'), 'HEADERS_INVALID'),
  // With what a dead letter says besides, the key alone is more than a record may be.
  { code: 'HEADERS_INVALID', record: { ...good, value: '', headers: {} }, key: 'k'.repeat(999_900) },
  withHeaders({ ...good.headers, ce_type: 'io.quittance.message.status-reported.v9' }, 'EVENT_TYPE_UNKNOWN'),
  withHeaders({ ...good.headers, ce_subject: '+8613800000001' }, 'EVENT_INVALID'),
  withValue('', 'EVENT_INVALID'),
  withValue('{"provider": tru'),
  withValue('[]'),
  withValue(`"${'x'.repeat(900 * 1024)}`),
  withValue(changed({ messageKey: undefined })),
  withValue(changed({ occurredAt: 'yesterday' })),
  withValue(changed({ mappingRevision: 'new' })),
  // Larger than any double is exact for, and than any double is.
  withValue(changed({ mappingRevision: 0 }).replace('"mappingRevision":0', '"mappingRevision":123456789012345678901')),
  withValue(changed({ mappingRevision: 0 }).replace('"mappingRevision":0', '"mappingRevision":1e999')),
  withValue(changed({ segment: { number: 1, total: 0 } }).replace('"total":0', '"total":1e999')),
  withValue(changed({ segment: { number: 0.5, total: 2 } })),
  // A time that looks like one, and a character that Postgres has no room for.
  withValue(changed({ occurredAt: '2026-13-32T25:61:61.000Z' })),
  withValue(changed({ reference: 'a\0b' })),
  // What only Postgres sees: too long for an index, and nothing in it that would compress.
  withValue(changed({ reference: incompressible(8_000) }), 'STORE_REFUSED'),
];
