import type { Pool } from 'pg';
import {
  headerText,
  partitionOfKey,
  recordOrigin,
  type IncomingRecord,
  type TopicIdentities,
  type TopicReader,
} from '#kafka';
import type { TopicNames } from '#contracts';
import { KINDS, type Kind } from '../../kinds.js';
import { topicIdOf } from '../../store/topic-id.js';
import { ledgerWord, type LedgerWord } from './ledger-word.js';
import type { Letters, LetterTrace } from './letters.js';
import type { Sighting } from './message-trace.js';
import { searchNear, type Allowance } from './near.js';
import { positionOf } from './positions.js';
import { receiptOf, type ReceiptTrace } from './receipt-trace.js';
import type { Stages } from './stages.js';

/** An event that a receipt became. */
export interface EventTrace extends Sighting {
  readonly id: string;
  readonly type: string;
  /** The aggregate that it is about: of a message the key to ask on with. */
  readonly key: string;
  /** Null: nobody can tell. */
  readonly isProjected: boolean | null;
  /** What subscribers were told because of it; null: nothing that was found. */
  readonly told: (Sighting & { readonly id: string; readonly topic: string }) | null;
}

/** Everything that is known of one receipt. */
export interface ReceiptStory {
  readonly receipt: ReceiptTrace;
  /** Whether all was looked through that was to be. */
  readonly isComplete: boolean;
  /** In the order in which they were written. */
  readonly events: readonly EventTrace[];
  readonly letters: readonly LetterTrace[];
  readonly ledger: LedgerWord;
  readonly stages: Stages;
}

/** What a receipt is followed with. */
export interface StoryParts {
  readonly reader: TopicReader;
  readonly allowance: Allowance;
  readonly pool: Pool;
  readonly identities: TopicIdentities;
  readonly topics: TopicNames;
  readonly letters: Letters;
  readonly stages: Stages;
}

/** Events of one receipt are published together: between the first and the last lies less than this, ms. */
const TOGETHER = 5_000;
/** Shares of the time that is allowed. */
const WINDOWS = [0.01, 0.1, 1];
/** Of a receipt of a thousand elements the first ones say enough. */
const MOST_TOLD = 10;
const MOST_RECORDS = 20_000;

/** Follows a receipt from its record to what subscribers were told. */
export async function tellReceipt(parts: StoryParts, id: string, within: number): Promise<ReceiptStory> {
  const { reader, allowance, pool, identities, topics, letters, stages } = parts;
  const rawTopic = topics['raw-receipts.v1'];
  const { trace: receipt, isComplete } = await receiptOf(reader, allowance, { id, topic: rawTopic, within });
  const ofIt = await letters.ofReceipts([id]);
  const place = positionOf(receipt.position);
  if (place === null || receipt.writtenAt === null) {
    return { receipt, isComplete, events: [], letters: ofIt, ledger: null, stages };
  }
  const topicId = topicIdOf(await identities.current(rawTopic));
  const sightings = new Map<string, IncomingRecord>();
  let sawAll = true;
  for (const since of beginnings(receipt.writtenAt, ofIt)) {
    const { found, isComplete: isAll } = await eventsOf(parts, id, since, within);
    for (const record of found) sightings.set(recordOrigin(record), record);
    sawAll &&= isAll;
  }
  const events: EventTrace[] = [];
  for (const record of sightings.values()) events.push(await traceOf(parts, record, events.length < MOST_TOLD));
  return {
    receipt,
    isComplete: sawAll,
    events: events.sort((a, b) => a.at - b.at || (a.position < b.position ? -1 : 1)),
    letters: ofIt,
    ledger: await ledgerWord(pool, topicId, place),
    stages,
  };
}

/** From when on something may have been made of a receipt, Unix ms: since it came, and since parts of it were sent in again. */
function beginnings(writtenAt: number, letters: readonly LetterTrace[]): readonly number[] {
  const redriven = letters.flatMap(({ changes }) => changes.filter(({ state }) => state === 'redriven'));
  const times = [writtenAt];
  for (const { at } of redriven.toSorted((a, b) => a.at.getTime() - b.at.getTime())) {
    if (at.getTime() - times.at(-1)! > TOGETHER) times.push(at.getTime());
  }
  return times;
}

/** Which partitions they are in only their keys say, so it is looked in all: first for one, then for those beside it. */
async function eventsOf({ reader, allowance, topics }: StoryParts, id: string, writtenAt: number, within: number) {
  const search = {
    topic: topics['events.v1'],
    partition: null,
    most: Infinity,
    matches: (record: IncomingRecord) => headerText(record, 'ce_receiptid') === id,
  };
  let isComplete = true;
  for (const share of WINDOWS) {
    const until = writtenAt + within * share;
    const first = await searchNear(reader, allowance, { ...search, since: writtenAt, until, isEnough: () => true });
    const [record] = first.found;
    if (record !== undefined) {
      const { timestamp } = record;
      return searchNear(reader, allowance, {
        ...search,
        since: timestamp - TOGETHER,
        until: timestamp + TOGETHER,
        isEnough: () => false,
      });
    }
    isComplete = first.isComplete;
    if (!isComplete) break;
  }
  return { found: [], isComplete };
}

async function traceOf(parts: StoryParts, record: IncomingRecord, follow: boolean): Promise<EventTrace> {
  const type = headerText(record, 'ce_type') ?? '';
  const position = recordOrigin(record);
  const kind = KINDS.find((each) => each.type === type);
  return {
    id: headerText(record, 'ce_id') ?? '',
    type,
    key: headerText(record, 'ce_subject') ?? '',
    position,
    at: record.timestamp,
    isProjected: parts.stages.hasPassed(positionOf(position)),
    told: kind === undefined || !follow ? null : await toldOf(parts, record, kind),
  };
}

/** The change names the receipt of the event that caused it. */
async function toldOf({ reader, allowance, topics }: StoryParts, event: IncomingRecord, kind: Kind) {
  const topic = topics[kind.topic];
  const { key } = event;
  if (key === null) return null;
  const receiptId = headerText(event, 'ce_receiptid');
  const { found } = await searchNear(reader, allowance, {
    topic,
    partition: partitionOfKey(key, (await reader.offsets(topic)).size),
    since: event.timestamp,
    until: Infinity,
    most: MOST_RECORDS,
    matches: (record) => record.key?.equals(key) === true && headerText(record, 'ce_receiptid') === receiptId,
    isEnough: () => true,
  });
  const [told] = found;
  if (told === undefined) return null;
  return { position: recordOrigin(told), at: told.timestamp, id: headerText(told, 'ce_id') ?? '', topic };
}
