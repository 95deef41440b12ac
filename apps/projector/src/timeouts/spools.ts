import { SPOOL_SILENCE, type SpoolReport } from '#contracts';
import { offsetsSince, readTopic, type IncomingRecord, type KafkaSettings } from '#kafka';

/** The last word of a spool. */
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
  readonly #told = new Map<string, Told>();

  /** @param read what has been told since it was called before; at first, since a spool may have been silent for longest */
  constructor(read: () => Promise<readonly IncomingRecord[]>) {
    this.#read = read;
  }

  /** Up to when everything that came in has left the spools. Unix ms; Infinity: there are none. */
  async clearUpTo(now = Date.now()): Promise<number> {
    for (const { key, value, timestamp } of await this.#read()) {
      if (key === null || value === null) continue;
      const { clearUpTo } = JSON.parse(value.toString()) as SpoolReport;
      if (clearUpTo === null) this.#told.delete(key.toString());
      else this.#told.set(key.toString(), { clearUpTo: Date.parse(clearUpTo), at: timestamp });
    }
    for (const [name, { at }] of this.#told) if (at < now - SPOOL_SILENCE) this.#told.delete(name);
    return [...this.#told.values()].reduce((least, { clearUpTo }) => Math.min(least, clearUpTo), Infinity);
  }
}

/** Reads a topic bit by bit: each call gives what has come since the one before. */
export function readSpools(kafka: KafkaSettings, topic: string): () => Promise<readonly IncomingRecord[]> {
  let next: Map<number, bigint> | null = null;
  return async () => {
    next ??= new Map(await offsetsSince(kafka, topic, Date.now() - SPOOL_SILENCE));
    const records = await readTopic(kafka, topic, next);
    for (const { partition, offset } of records) next.set(partition, BigInt(offset) + 1n);
    return records;
  };
}
