import { SPOOL_SILENCE, type SpoolReport } from '#contracts';
import { offsetsSince, readTopic, topicOffsets, type IncomingRecord, type KafkaSettings } from '#kafka';

/** The last word of a spool, by our clock. */
interface Told {
  /** Unix ms. */
  readonly clearUpTo: number;
  /** When it was told, Unix ms. */
  readonly at: number;
}

/**
 * What the ingresses tell of their spools. What lies on a disk over there is in no topic, so nothing that was received
 * after the oldest of it is settled. A spool that is silent holds everything back where it was; after a day it is taken
 * for lost with its disk.
 */
export class Spools {
  readonly #read: () => Promise<readonly IncomingRecord[]>;
  readonly #onUnread: () => void;
  readonly #told = new Map<string, Told>();
  /** When what is new was last asked for: whatever comes now was told later. Unix ms */
  #askedAt = -Infinity;

  /**
   * @param read what has been told since it was called before; at first, since a spool may have been silent for longest
   * @param onUnread a record is no report
   */
  constructor(read: () => Promise<readonly IncomingRecord[]>, onUnread: () => void) {
    this.#read = read;
    this.#onUnread = onUnread;
  }

  /** Up to when everything that came in has left the spools. Unix ms; Infinity: there are none. */
  async clearUpTo(now: () => number = Date.now): Promise<number> {
    const asking = now();
    for (const record of await this.#read()) {
      const report = reportOf(record);
      if (record.key === null || report === null) this.#onUnread();
      else if (report.behindMs === null) this.#told.delete(record.key.toString());
      else this.#told.set(record.key.toString(), this.#byOurClock(report, report.behindMs, record.timestamp, now()));
    }
    this.#askedAt = asking;
    for (const [name, { at }] of this.#told) if (at < asking - SPOOL_SILENCE) this.#told.delete(name);
    return [...this.#told.values()].reduce((least, { clearUpTo }) => Math.min(least, clearUpTo), Infinity);
  }

  /**
   * A clock over there that is behind ours only holds us back. One that is ahead would have us say of receipts that lie
   * in its spool that they never came: what it tells counts from when we last asked and it had not been told yet.
   */
  #byOurClock({ toldAt }: SpoolReport, behind: number, timestamp: number, now: number): Told {
    const at = Date.parse(toldAt);
    return {
      clearUpTo: (at <= now ? at : this.#askedAt) - behind,
      at: Math.min(Math.max(timestamp, this.#askedAt), now),
    };
  }
}

/** Null: it is none. */
function reportOf({ value }: IncomingRecord): SpoolReport | null {
  try {
    const { toldAt, behindMs, receipts } = JSON.parse(String(value)) as Partial<SpoolReport>;
    if (toldAt === undefined || Number.isNaN(Date.parse(toldAt))) return null;
    if (behindMs !== null && !(typeof behindMs === 'number' && behindMs >= 0)) return null;
    return { toldAt, behindMs, receipts: Number(receipts) };
  } catch {
    return null;
  }
}

/** Reads a topic bit by bit: each call gives what has come since the one before. */
export function readSpools(kafka: KafkaSettings, topic: string): () => Promise<readonly IncomingRecord[]> {
  let next: Map<number, bigint> | null = null;
  return async () => {
    next ??= new Map(await offsetsSince(kafka, topic, Date.now() - SPOOL_SILENCE));
    for (const [partition, { low, high }] of await topicOffsets(kafka, topic)) {
      // A position beyond the end is of a topic of that name that is no more.
      if ((next.get(partition) ?? low) > high) next.set(partition, low);
    }
    const records = await readTopic(kafka, topic, next);
    for (const { partition, offset } of records) next.set(partition, BigInt(offset) + 1n);
    return records;
  };
}
