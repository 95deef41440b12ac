import type { KafkaLogger } from './client.js';
import { PositionOutsideLogError } from './errors.js';

/** Where a handler keeps how far it has come beside its own data. */
export interface PositionSource {
  /** The offset to read next; null: nothing of the partition has been handled. */
  readonly stored: (topic: string, partition: number) => Promise<string | null>;
  /** The first offset that is still in the partition. */
  readonly beginning: (topic: string, partition: number) => Promise<string>;
}

/** A fetched batch, as far as its place matters. */
export interface Fetched {
  readonly topic: string;
  readonly partition: number;
  /** The offset that was asked for; the first record may have a higher one, because offsets have gaps. */
  readonly fetchedOffset: string;
}

/**
 * Sees to it that every partition is read from where it should be, and that nothing between two batches goes missing
 * unnoticed: kafkajs resets to the beginning of the log by itself when an offset is no longer there.
 */
export class Positions {
  readonly #source: PositionSource | null;
  readonly #logger: KafkaLogger;
  /** What to read next, by partition, once that is certain. */
  readonly #next = new Map<string, string>();
  /** Where the consumer was last told to go. */
  readonly #sought = new Map<string, string>();
  /** Where it began: of a partition that nothing comes from, that is all that is ever known. */
  readonly #began = new Map<string, string>();

  /** @param source null: the group's committed offsets are the only position there is */
  constructor(source: PositionSource | null, logger: KafkaLogger) {
    this.#source = source;
    this.#logger = logger;
  }

  /** The partitions were dealt anew: nothing that was known holds. */
  reset(): void {
    this.#next.clear();
    this.#sought.clear();
    this.#began.clear();
  }

  /** The position of a partition is in doubt: ask for it before the next batch. */
  doubt({ topic, partition }: Omit<Fetched, 'fetchedOffset'>): void {
    this.#next.delete(nameOf(topic, partition));
    this.#began.delete(nameOf(topic, partition));
  }

  /** Everything before `next` is done. */
  advance({ topic, partition }: Fetched, next: string): void {
    this.#next.set(nameOf(topic, partition), next);
  }

  /** The offset to read next of every partition of which that is certain. */
  known(): readonly { readonly topic: string; readonly partition: number; readonly offset: string }[] {
    return [...new Map([...this.#began, ...this.#next])].map(([name, offset]) => {
      const slash = name.lastIndexOf('/');
      return { topic: name.slice(0, slash), partition: Number(name.slice(slash + 1)), offset };
    });
  }

  /** Where a partition that was just assigned is to be read from; null: from where the group has come to. */
  async start(topic: string, partition: number): Promise<string | null> {
    if (this.#source === null || this.#next.has(nameOf(topic, partition))) return null;
    const stored = await this.#stored(this.#source, topic, partition);
    this.#began.set(nameOf(topic, partition), stored);
    return stored;
  }

  /**
   * Null when the batch may be worked on; otherwise the offset to seek to first.
   * @throws PositionOutsideLogError when that offset was sought and Kafka does not have it
   */
  async detour({ topic, partition, fetchedOffset }: Fetched): Promise<string | null> {
    const name = nameOf(topic, partition);
    const next = this.#next.get(name);
    if (next === fetchedOffset) return null;
    if (this.#source === null) {
      if (next !== undefined)
        this.#logger.error({ partition: name, from: next, to: fetchedOffset }, 'kafka.records-gone');
      this.#next.set(name, fetchedOffset);
      return null;
    }
    const stored = await this.#stored(this.#source, topic, partition);
    if (stored === fetchedOffset) {
      this.#sought.delete(name);
      this.#next.set(name, stored);
      return null;
    }
    if (this.#sought.get(name) === stored) {
      throw new PositionOutsideLogError(
        `${name} is stored as processed up to ${stored}, but Kafka answers with ${fetchedOffset}: ` +
          'the topic was made anew or its records are gone; see docs/errors.md',
      );
    }
    this.#sought.set(name, stored);
    return stored;
  }

  async #stored(source: PositionSource, topic: string, partition: number): Promise<string> {
    return (await source.stored(topic, partition)) ?? (await source.beginning(topic, partition));
  }
}

function nameOf(topic: string, partition: number): string {
  return `${topic}/${partition}`;
}
