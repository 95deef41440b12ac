import { consumerGroup, topicNames } from '#contracts';
import { groupOffsets, topicOffsets, type KafkaSettings, type TopicIdentity } from '#kafka';
import type { Logger } from '#runtime';
import { topicIdOf } from '../store/topic-id.js';
import { Findings } from './findings.js';
import type { LedgerStore, ReadStretch } from './ledger-store.js';

/** What finding out where partitions are to be read from needs. */
export interface ReadingsParts {
  readonly kafka: KafkaSettings;
  readonly topicPrefix: string;
  readonly store: LedgerStore;
  /** Which topic of a name the cluster has now. */
  readonly identify: (topic: string) => Promise<TopicIdentity>;
  readonly logger: Logger;
}

/** A partition that this process reads. */
export interface Reading {
  readonly topic: string;
  readonly partition: number;
  readonly topicId: string;
  /** The stored position, as far as we know. */
  stored: bigint;
  /** The offset to read next. */
  next: bigint;
  /** What was found since the last stretch was closed. */
  findings: Findings;
  /** A stretch that is to be written, and has not been. */
  closed: ReadStretch | null;
  /** A position at which the next record was not; it may be further on. */
  gapAt: bigint | null;
}

/** The partitions that this process reads: where each is to be read from, and what of it is not written yet. */
export class Readings {
  readonly #parts: ReadingsParts;
  readonly #rawTopic: string;
  readonly #readings = new Map<string, Reading>();
  /** Positions that are being asked for. */
  readonly #positions = new Map<string, Promise<string>>();
  /** Whether positions may lie outside their topics. */
  #isInDoubt = false;

  constructor(parts: ReadingsParts) {
    this.#parts = parts;
    this.#rawTopic = topicNames(parts.topicPrefix)['raw-receipts.v1'];
  }

  /** Undefined: its position has not been asked for, or it was forgotten. */
  of(topic: string, partition: number): Reading | undefined {
    return this.#readings.get(`${topic}/${partition}`);
  }

  /** Those that are further than what is stored says. */
  unwritten(): readonly Reading[] {
    return [...this.#readings.values()].filter(({ stored, next, closed }) => closed !== null || next > stored);
  }

  /** Rows that what is not written comes to. */
  unwrittenRows(): number {
    let rows = 0;
    for (const { findings, closed } of this.#readings.values()) rows += findings.size + (closed?.findings.size ?? 0);
    return rows;
  }

  /**
   * Where a partition is to be read from: what this process holds of it goes on from where it is. Asked from two sides when
   * a partition is assigned: both get the same answer.
   */
  position(topic: string, partition: number): Promise<string> {
    const name = `${topic}/${partition}`;
    let position = this.#positions.get(name);
    if (position === undefined) {
      position = this.#findPosition(topic, partition).finally(() => this.#positions.delete(name));
      this.#positions.set(name, position);
    }
    return position;
  }

  /** The next who asks for its position is told what is stored. */
  forget({ topic, partition }: Reading): void {
    this.#readings.delete(`${topic}/${partition}`);
  }

  /** After a failure: nothing that was found counts, and no stored position is believed unseen. */
  forgetAll(): void {
    this.#readings.clear();
    this.#isInDoubt = true;
  }

  /** Forgets those of topics that were made anew: their offsets are those of other records. */
  async forgetMadeAnew(readings: readonly Reading[]): Promise<void> {
    for (const topic of new Set(readings.map((reading) => reading.topic))) {
      const topicId = await this.idOf(topic);
      for (const reading of this.#readings.values()) {
        if (reading.topic === topic && reading.topicId !== topicId) this.forget(reading);
      }
    }
  }

  async idOf(topic: string): Promise<string> {
    return topicIdOf(await this.#parts.identify(topic));
  }

  async #findPosition(topic: string, partition: number): Promise<string> {
    const topicId = await this.idOf(topic);
    let reading = this.of(topic, partition);
    if (reading?.topicId !== topicId) {
      const next = await this.#storedPosition(topic, partition, topicId);
      const nothing = { findings: new Findings(), closed: null, gapAt: null };
      reading = { topic, partition, topicId, stored: next, next, ...nothing };
      this.#readings.set(`${topic}/${partition}`, reading);
    }
    return String(reading.next);
  }

  /**
   * What is stored; the beginning of the topic where nothing is, or nothing that is in it. What became of receipts that
   * the normaliser has read by then may be there no longer, or a version before left no trace of it.
   */
  async #storedPosition(topic: string, partition: number, topicId: string): Promise<bigint> {
    const { kafka, logger, store } = this.#parts;
    const stored = await store.position(topic, partition);
    if (stored?.topicId === topicId && !this.#isInDoubt) return stored.next;
    // Asked first: what is committed is never beyond the end that is asked for after it, unless it is of another topic.
    const normalised = await this.#normalised(topic, partition);
    const { low, high } = (await topicOffsets(kafka, topic)).get(partition) ?? { low: 0n, high: 0n };
    if (stored?.topicId === topicId && stored.next >= low && stored.next <= high) return stored.next;
    if (stored !== null) {
      // Nobody can say what became of what was not read. It shows where fewer are in the topic than were accepted.
      logger.warn({ topic, partition, from: String(stored.next), to: String(low) }, 'ledger.records-gone');
    }
    const isMadeAnew = stored !== null && stored.topicId !== topicId;
    const isRead = !isMadeAnew && normalised > low && normalised <= high;
    await store.beginAt(topic, partition, { topicId, next: low }, isRead ? normalised : low);
    return low;
  }

  /** How far the normaliser is in the topic of raw receipts; 0 where it has not begun, and in other topics. */
  async #normalised(topic: string, partition: number): Promise<bigint> {
    if (topic !== this.#rawTopic) return 0n;
    const { kafka, topicPrefix } = this.#parts;
    return (await groupOffsets(kafka, consumerGroup(topicPrefix, 'normaliser'), topic)).get(partition) ?? 0n;
  }
}

/** What was found so far as a stretch; one that waits to be written is left as it is, and what comes gathers behind it. */
export function close(reading: Reading): ReadStretch {
  if (reading.closed === null) {
    const { topic, partition, topicId, stored: from, next: to, findings } = reading;
    reading.closed = { topic, partition, topicId, from, to, findings };
    reading.findings = new Findings();
  }
  return reading.closed;
}
