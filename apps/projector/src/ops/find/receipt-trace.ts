import { RECEIPT_HEADERS } from '#contracts';
import { headerText, recordOrigin, type IncomingRecord, type TopicReader } from '#kafka';
import { receiptTime } from '../../merge/receipt-time.js';
import { searchNear, type Allowance } from './near.js';
import { positionOf } from './positions.js';

/**
 * What can be said of the record that something came from. `there`: it lies at its position. `gone`: retention has removed
 * it. `replaced`: another record lies there, of a topic that was made anew. `not-found`: it was looked for in vain.
 */
export type Whereabouts = 'there' | 'gone' | 'replaced' | 'not-found';

/** A receipt, or a submission, as its record tells of it. */
export interface ReceiptTrace {
  /** A submission has its position in the place of an id. */
  readonly id: string;
  /** topic/partition/offset; null: not known. */
  readonly position: string | null;
  readonly whereabouts: Whereabouts;
  /** When it was received, Unix ms: as the record says, else as the id does. */
  readonly receivedAt: number | null;
  /** When Kafka's record of it was written, Unix ms: later than received where it lay in a spool, or was sent in again. */
  readonly writtenAt: number | null;
  readonly source: string | null;
  readonly account: string | null;
  readonly transport: string | null;
  readonly authenticatedBy: string | null;
  /** When a queue took it from the provider, Unix ms; null: it was pushed. */
  readonly queuedAt: number | null;
  readonly bytes: number | null;
}

/** Shares of the time that is allowed, tried one after the other: nearly every record is written at once. */
const WINDOWS = [0.01, 0.1, 1];

/** The receipt at a position, of which the id is known. */
export async function receiptAt(reader: TopicReader, id: string, position: string | null): Promise<ReceiptTrace> {
  const place = positionOf(position);
  if (place === null) return traceless(id, null, 'not-found');
  const record = await reader.at(place.topic, place.partition, place.offset);
  if (record === null) return traceless(id, position, 'gone');
  const its = headerText(record, RECEIPT_HEADERS.receiptId);
  // Submissions have no such header; their id is their position.
  if (its !== undefined && its !== id) return traceless(id, position, 'replaced');
  return traceOf(id, record);
}

/** The receipt of an id: looked for where the time in the id says that it must have been written, or soon after. */
export async function receiptOf(
  reader: TopicReader,
  allowance: Allowance,
  { id, topic, within }: { readonly id: string; readonly topic: string; readonly within: number },
): Promise<{ readonly trace: ReceiptTrace; readonly isComplete: boolean }> {
  const time = receiptTime(id);
  if (time === null) return { trace: traceless(id, null, 'not-found'), isComplete: true };
  let isComplete = true;
  for (const share of WINDOWS) {
    const sightings = await searchNear(reader, allowance, {
      topic,
      partition: null,
      since: time,
      until: time + within * share,
      most: Infinity,
      matches: (record) => headerText(record, RECEIPT_HEADERS.receiptId) === id,
      isEnough: () => true,
    });
    const [record] = sightings.found;
    if (record !== undefined) return { trace: traceOf(id, record), isComplete: true };
    isComplete = sightings.isComplete;
    if (!isComplete) break;
  }
  return { trace: traceless(id, null, (await isBefore(reader, topic, time)) ? 'gone' : 'not-found'), isComplete };
}

/** Whether every partition that has lost records begins later. */
async function isBefore(reader: TopicReader, topic: string, time: number): Promise<boolean> {
  const since = await reader.offsetsSince(topic, time);
  const cut = [...(await reader.offsets(topic))].filter(([, { low }]) => low > 0n);
  return cut.length > 0 && cut.every(([partition, { low }]) => since.get(partition) === low);
}

function traceOf(id: string, record: IncomingRecord): ReceiptTrace {
  const header = (name: keyof typeof RECEIPT_HEADERS) => headerText(record, RECEIPT_HEADERS[name]) ?? null;
  const instant = (text: string | null) => (text === null ? null : Date.parse(text));
  const receivedAt = instant(header('receivedAt'));
  const observedAt = instant(header('observedAt'));
  return {
    id,
    position: recordOrigin(record),
    whereabouts: 'there',
    receivedAt: receivedAt ?? receiptTime(id) ?? record.timestamp,
    writtenAt: record.timestamp,
    source: header('source'),
    account: header('account'),
    transport: header('transport'),
    authenticatedBy: header('authenticatedBy'),
    queuedAt: header('transport') === 'mns' ? observedAt : null,
    bytes: record.value?.length ?? 0,
  };
}

function traceless(id: string, position: string | null, whereabouts: Whereabouts): ReceiptTrace {
  return {
    id,
    position,
    whereabouts,
    receivedAt: receiptTime(id),
    writtenAt: null,
    source: null,
    account: null,
    transport: null,
    authenticatedBy: null,
    queuedAt: null,
    bytes: null,
  };
}
