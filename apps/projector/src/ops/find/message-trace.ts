import { changeId, type MessageStatusChanged } from '#contracts';
import { headerText, partitionOfKey, recordOrigin, type IncomingRecord, type TopicReader } from '#kafka';
import type { Fact } from '../../merge/fact-set.js';
import type { MessageFact } from '../../merge/message-fact.js';
import { deriveMessage, type MessageState } from '../../merge/message-state.js';
import type { Letters, LetterTrace } from './letters.js';
import type { MessageRow } from './message-rows.js';
import { searchNear, type Allowance } from './near.js';
import { receiptAt, type ReceiptTrace } from './receipt-trace.js';

/** Where a record of ours lies, and when it was written, Unix ms. */
export interface Sighting {
  readonly position: string;
  readonly at: number;
}

/** A fact about the message, from what was pushed to its event. */
export interface FactTrace {
  readonly fact: Fact<MessageFact>;
  readonly receipt: ReceiptTrace;
  /** Its first event; null: not found where it was looked for. */
  readonly event: Sighting | null;
}

/** What subscribers were told. */
export interface ToldTrace extends Sighting {
  readonly id: string;
  readonly revision: number;
  readonly status: string;
}

/** Everything that is known of one message, and where it lies. */
export interface MessageTrace {
  readonly key: string;
  readonly state: MessageState;
  readonly row: MessageRow;
  /** In the order in which they were received. */
  readonly facts: readonly FactTrace[];
  /** Of the receipts that the facts came from, or that hold the message's own id. */
  readonly letters: readonly LetterTrace[];
  readonly told: readonly ToldTrace[];
  /** What was not found, and why that may be. */
  readonly gaps: readonly string[];
}

/** What a message is traced with. */
export interface TraceParts {
  readonly reader: TopicReader;
  readonly allowance: Allowance;
  readonly letters: Letters;
  /** Full names. */
  readonly eventsTopic: string;
  readonly statusTopic: string;
}

/** A message has a handful of facts; of one that has hundreds the first ones say enough. */
const MOST_FACTS = 40;
/** Of one search in one partition. */
const MOST_RECORDS = 20_000;
/** A change is published just before its row is written, ms. */
const BEFORE_THE_ROW = 60_000;

/** Follows a message through all topics. */
export async function traceMessage(parts: TraceParts, row: MessageRow): Promise<MessageTrace> {
  const { reader, letters, eventsTopic, statusTopic } = parts;
  const state = deriveMessage(row.facts);
  const gaps: string[] = [];
  const receipts: ReceiptTrace[] = [];
  for (const { receiptId, rawPosition } of row.facts.slice(0, MOST_FACTS)) {
    receipts.push(await receiptAt(reader, receiptId, rawPosition ?? null));
  }
  if (row.facts.length > MOST_FACTS) gaps.push(`${row.facts.length - MOST_FACTS} more facts are not followed`);
  const traced = row.facts
    .slice(0, MOST_FACTS)
    .map((fact, at) => ({ fact, receipt: receipts[at]! }))
    .sort((a, b) => beganAt(a) - beganAt(b));

  const inEvents = new PartitionSearch(parts, eventsTopic, row.key, (await reader.offsets(eventsTopic)).size);
  const facts: FactTrace[] = [];
  for (const { fact, receipt } of traced) {
    const event = await inEvents.find(fact.id, [beganAt({ fact, receipt }), row.writtenAt - BEFORE_THE_ROW]);
    facts.push({ fact, receipt, event: event === null ? null : sightingOf(event) });
  }
  const unseen = facts.filter(({ event }) => event === null).length;
  if (unseen > 0) gaps.push(`${unseen} of ${facts.length} events were not found: ${inEvents.why}`);

  const inStatus = new PartitionSearch(parts, statusTopic, row.key, (await reader.offsets(statusTopic)).size);
  const times = [...facts.map((trace) => trace.event?.at ?? beganAt(trace)), row.writtenAt - BEFORE_THE_ROW];
  const told: ToldTrace[] = [];
  for (let revision = 1; revision <= row.revision && revision <= MOST_FACTS; revision++) {
    const record = await inStatus.find(changeId(row.key, revision), times);
    if (record !== null) told.push(toldOf(record, revision));
  }
  if (told.length < Math.min(row.revision, MOST_FACTS)) {
    gaps.push(`${row.revision - told.length} of ${row.revision} revisions were not found: ${inStatus.why}`);
  }
  const ids = [...new Set(receipts.map(({ id }) => id))];
  return { key: row.key, state, row, facts, letters: await letters.ofReceipts(ids), told, gaps };
}

/** When what a fact came from was there, Unix ms: as early as its event can be. */
function beganAt({ fact, receipt }: Pick<FactTrace, 'fact' | 'receipt'>): number {
  if (receipt.writtenAt !== null) return receipt.writtenAt;
  if (receipt.receivedAt !== null) return receipt.receivedAt;
  return Date.parse('occurredAt' in fact.data ? fact.data.occurredAt : fact.data.submittedAt);
}

/** Finds records of one key by their ids. What is met on the way is kept: facts and changes of a message lie close together. */
class PartitionSearch {
  readonly #parts: TraceParts;
  readonly #topic: string;
  readonly #key: Buffer;
  readonly #partition: number;
  readonly #met = new Map<string, IncomingRecord>();
  /** Times from which everything that is allowed has been read. */
  readonly #exhausted = new Set<number>();
  #isCut = false;

  constructor(parts: TraceParts, topic: string, key: string, partitions: number) {
    this.#parts = parts;
    this.#topic = topic;
    this.#key = Buffer.from(key);
    this.#partition = partitionOfKey(this.#key, partitions);
  }

  /** Why what was not found was not. */
  get why(): string {
    return this.#isCut
      ? 'too much was written at that time to look through all of it'
      : `retention may have removed them, or partition ${this.#partition} was another's when they were written`;
  }

  /** @param times Unix ms, from which it is looked on, one after the other */
  async find(id: string, times: readonly number[]): Promise<IncomingRecord | null> {
    for (const since of times) {
      const met = this.#met.get(id);
      if (met !== undefined) return met;
      if (this.#exhausted.has(since)) continue;
      await this.#search(id, since);
      if (!this.#met.has(id)) this.#exhausted.add(since);
    }
    return this.#met.get(id) ?? null;
  }

  async #search(id: string, since: number): Promise<void> {
    const { reader, allowance } = this.#parts;
    const { found, isComplete } = await searchNear(reader, allowance, {
      topic: this.#topic,
      partition: this.#partition,
      since,
      until: Infinity,
      most: MOST_RECORDS,
      matches: ({ key }) => key?.equals(this.#key) === true,
      isEnough: (records) => records.some((record) => headerText(record, 'ce_id') === id),
    });
    if (!isComplete) this.#isCut = true;
    for (const record of found) {
      const its = headerText(record, 'ce_id') ?? '';
      // The first copy is the one that counted.
      if (!this.#met.has(its)) this.#met.set(its, record);
    }
  }
}

function sightingOf(record: IncomingRecord): Sighting {
  return { position: recordOrigin(record), at: record.timestamp };
}

function toldOf(record: IncomingRecord, revision: number): ToldTrace {
  const { status } = JSON.parse(record.value?.toString() ?? '{}') as Partial<MessageStatusChanged>;
  return { ...sightingOf(record), id: headerText(record, 'ce_id') ?? '', revision, status: status ?? 'unknown' };
}
