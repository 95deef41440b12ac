import { partitionOf } from './murmur2.js';

/**
 * How much more may go into one send, to each partition and in all. Which partition a key belongs to is known as soon as the number
 * of partitions is; until then, and for records without a key, of which a send puts all into one partition, a topic
 * counts as one. If the number has grown meanwhile, a broker may refuse the send for its size; it is then cut in two.
 */
export class PartitionRoom {
  /** Bytes taken, by topic and there by partition. */
  readonly #taken = new Map<string, number[]>();

  #total = 0;

  /**
   * @param maxBytes of one partition
   * @param maxTotal of all together
   */
  constructor(
    private readonly maxBytes: number,
    private readonly maxTotal: number,
    private readonly partitionCounts: ReadonlyMap<string, number>,
  ) {}

  /**
   * Takes the room for a record of `size` bytes if there is enough. The first of all always has enough.
   * @param keyHash murmur2 of its key; null: it has none
   */
  take(topic: string, keyHash: number | null, size: number): boolean {
    let partitions = this.#taken.get(topic);
    if (partitions === undefined) this.#taken.set(topic, (partitions = []));
    const count = this.partitionCounts.get(topic);
    const partition = keyHash === null || count === undefined ? 0 : partitionOf(keyHash, count);
    const taken = partitions[partition] ?? 0;
    if (taken > 0 && taken + size > this.maxBytes) return false;
    if (this.#total > 0 && this.#total + size > this.maxTotal) return false;
    this.#total += size;
    partitions[partition] = taken + size;
    return true;
  }
}
