import { headerText, partitionOfKey, type IncomingRecord, type TopicOffsets } from '#kafka';
import type { Fact } from '../merge/fact-set.js';
import { receiptTime } from '../merge/receipt-time.js';
import type { Fields } from '../kinds.js';

/** Clocks of hosts may disagree by so much, ms. */
const CLOCK_SKEW = 10 * 60 * 1_000;

const SUBMITTED = 'io.quittance.message.submitted.v1';
const POSITION = /^(.+)\/(\d+)$/;

/** What a partition of the events topic still holds. */
interface PartitionReach {
  /** When its first event was written, Unix ms. */
  readonly since: number;
  /** The first submission that an event is about, by topic/partition of the submissions. */
  readonly submissions: Map<string, bigint>;
}

/**
 * Tells of a fact whether the events topic must still hold it. Learned from replaying the topic from its beginning,
 * each partition in its order. What retention has removed lies before everything that a partition still holds.
 */
export class TopicReach {
  readonly #partitions = new Map<number, PartitionReach>();
  readonly #cut = new Set<number>();
  #count = 0;
  /** Whether keys lie in other partitions than they would now: then their older events may be in any. */
  #isGrown = false;

  /** Where the topic begins and ends now. */
  noteOffsets(offsets: TopicOffsets): void {
    this.#count = offsets.size;
    for (const [partition, { low }] of offsets) if (low > 0n) this.#cut.add(partition);
  }

  /** Records of one partition. */
  noteRecords(records: readonly IncomingRecord[]): void {
    const { partition, timestamp } = records[0]!;
    const known = this.#partitions.get(partition) ?? { since: timestamp, submissions: new Map<string, bigint>() };
    this.#partitions.set(partition, known);
    for (const record of records) {
      if (record.key !== null && partitionOfKey(record.key, this.#count) !== partition) this.#isGrown = true;
      if (headerText(record, 'ce_type') !== SUBMITTED) continue;
      const position = positionOf(headerText(record, 'ce_rawposition'));
      if (position && !known.submissions.has(position.place)) known.submissions.set(position.place, position.offset);
    }
  }

  /**
   * Whether the topic must hold the event of a fact, if there ever was one. False also where that is not known.
   * @param key of the event: what decides its partition
   */
  holds(key: string, { receiptId, rawPosition }: Fact<Fields>): boolean {
    if (this.#cut.size === 0) return true;
    const partitions = this.#isGrown ? [...this.#cut] : [partitionOfKey(Buffer.from(key), this.#count)];
    const time = receiptTime(receiptId);
    return partitions.every((partition) => {
      const reach = this.#partitions.get(partition);
      // It holds nothing: what lay there before is unknown.
      if (reach === undefined) return false;
      if (time !== null) return time >= reach.since + CLOCK_SKEW;
      // A submission says no time, but those of one partition become events in their order.
      const position = positionOf(rawPosition ?? receiptId);
      const first = position && reach.submissions.get(position.place);
      return first !== undefined && position!.offset >= first;
    });
  }
}

function positionOf(text: string | undefined): { readonly place: string; readonly offset: bigint } | undefined {
  const match = text === undefined ? null : POSITION.exec(text);
  return match === null ? undefined : { place: match[1]!, offset: BigInt(match[2]!) };
}
