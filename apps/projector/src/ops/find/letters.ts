import type { Pool } from 'pg';
import { recordOrigin, type IncomingRecord, type Stretch, type TopicIdentities, type TopicReader } from '#kafka';
import { deadLetterEntry } from '../../dead-letters/dead-letter-entry.js';
import { query } from '../../store/query.js';
import { topicIdOf } from '../../store/topic-id.js';
import type { DeadLetterState } from '../dead-letters/selection.js';
import { readChanges, readLetters, type LetterChange, type StoredLetter } from '../dead-letters/stored-letters.js';
import type { Allowance } from './near.js';

/** A dead letter, and what has been done about it. */
export interface LetterTrace extends StoredLetter {
  readonly changes: readonly LetterChange[];
}

/** What dead letters are looked at with. */
export interface LetterParts {
  readonly reader: TopicReader;
  readonly pool: Pool;
  readonly identities: TopicIdentities;
  /** Full name of the dead-letters topic. */
  readonly topic: string;
  readonly allowance: Allowance;
}

/** Letters of receipts that are shown; of a body of a thousand elements all may be. */
const SHOWN = 50;
/** Letters whose content is looked through: the newest open ones, then the newest that were discarded. */
const LOOKED_THROUGH = 2_000;
/** No letters in the table of which nothing has been entered. */
const NEXT = `SELECT partition, max(record_offset) + 1 AS next FROM dead_letter WHERE topic_id = $1 GROUP BY partition`;

/** The account of dead letters as it would be if it were up to date: nothing is entered here, only read. */
export class Letters {
  readonly #parts: LetterParts;
  readonly #topicId: string;
  /** Of the topic, not in the table yet. */
  readonly #unentered: readonly IncomingRecord[];

  private constructor(parts: LetterParts, topicId: string, unentered: readonly IncomingRecord[]) {
    this.#parts = parts;
    this.#topicId = topicId;
    this.#unentered = unentered;
  }

  /** Looks which letters there are. */
  static async open(parts: LetterParts): Promise<Letters> {
    const { reader, pool, identities, topic, allowance } = parts;
    const topicId = topicIdOf(await identities.current(topic));
    const { rows } = await query<{ partition: number; next: string }>(pool, { text: NEXT, values: [topicId] });
    const next = new Map(rows.map((row) => [row.partition, BigInt(row.next)]));
    const stretches = new Map<number, Stretch>();
    for (const [partition, { low, high }] of await reader.offsets(topic)) {
      stretches.set(partition, { from: next.get(partition) ?? low, to: high });
    }
    const unentered: IncomingRecord[] = [];
    for await (const records of reader.read(topic, stretches)) {
      allowance.take(records.length);
      unentered.push(...records);
      // Nobody enters them at all: then the command for dead letters has to be asked first.
      if (unentered.length > LOOKED_THROUGH) break;
    }
    return new Letters(parts, topicId, unentered);
  }

  /** Letters of receipts, the newest first. */
  async ofReceipts(receiptIds: readonly string[]): Promise<readonly LetterTrace[]> {
    if (receiptIds.length === 0) return [];
    const condition = {
      sql: 'topic_id = $1 AND receipt_id = ANY ($2::text[])',
      values: [this.#topicId, receiptIds],
    };
    const stored = await readLetters(this.#parts.pool, condition, SHOWN);
    const traces: LetterTrace[] = [];
    for (const letter of stored) {
      traces.push({ ...letter, changes: await readChanges(this.#parts.pool, this.#topicId, letter) });
    }
    const fresh = this.#unentered.map(letterOf).filter(({ receiptId }) => receiptIds.includes(receiptId ?? ''));
    return [...fresh, ...traces];
  }

  /**
   * Letters in whose bytes one of the texts stands: what could not be read has no columns to be found by. Open ones first,
   * then those that somebody gave up. Of what was redriven something has become that can be found.
   */
  async holding(texts: readonly string[]): Promise<readonly LetterTrace[]> {
    const { reader, pool, topic, allowance } = this.#parts;
    const newest = (state: DeadLetterState, most: number) =>
      readLetters(pool, { sql: 'topic_id = $1 AND state = $2', values: [this.#topicId, state] }, most);
    const open = await newest('open', LOOKED_THROUGH);
    const needles = texts.map((text) => Buffer.from(text));
    const holds = ({ value }: IncomingRecord) => value !== null && needles.some((needle) => value.includes(needle));
    const found = this.#unentered.filter(holds).map(letterOf);
    for (const letters of [open, await newest('discarded', LOOKED_THROUGH - open.length)]) {
      if (letters.length === 0) continue;
      const byPosition = new Map(letters.map((letter) => [`${topic}/${letter.id}`, letter]));
      for await (const records of reader.read(topic, stretchesOf(letters))) {
        allowance.take(records.length);
        for (const record of records) {
          const letter = byPosition.get(recordOrigin(record));
          if (letter === undefined || !holds(record)) continue;
          found.push({ ...letter, changes: await readChanges(pool, this.#topicId, letter) });
        }
        if (allowance.isUsedUp()) return found;
      }
    }
    return found;
  }

  /** How many letters are open, those of the table. */
  async countOpen(): Promise<number> {
    const { rows } = await query<{ open: number }>(this.#parts.pool, {
      text: `SELECT count(*)::integer AS open FROM dead_letter WHERE state = 'open' AND topic_id = $1`,
      values: [this.#topicId],
    });
    return rows[0]!.open + this.#unentered.length;
  }
}

function stretchesOf(letters: readonly StoredLetter[]): Map<number, Stretch> {
  const stretches = new Map<number, Stretch>();
  for (const { partition, offset } of letters) {
    const at = BigInt(offset);
    const { from, to } = stretches.get(partition) ?? { from: at, to: at };
    stretches.set(partition, { from: at < from ? at : from, to: at >= to ? at + 1n : to });
  }
  return stretches;
}

function letterOf(record: IncomingRecord): LetterTrace {
  const { at, element, ...entry } = deadLetterEntry(record);
  return {
    ...entry,
    id: `${record.partition}/${record.offset}`,
    element,
    at: new Date(at),
    state: 'open',
    changes: [],
  };
}
