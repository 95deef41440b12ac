/**
 * murmur2 as Kafka's own Java client computes it (org.apache.kafka.common.utils.Utils.murmur2), so that a key lands in
 * the partition that every other client expects. kafkajs has it too, on 64-bit big integers and ten times slower.
 */
const SEED = 0x9747b28c | 0;
const M = 0x5bd1e995;

/** The hash of the bytes from `start` to `end`, a key: a signed 32-bit integer. */
export function murmur2(bytes: Uint8Array, start: number, end: number): number {
  const length = end - start;
  const aligned = start + (length & ~3);
  let h = SEED ^ length;
  for (let at = start; at < aligned; at += 4) {
    let k = bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24);
    k = Math.imul(k, M);
    k ^= k >>> 24;
    h = Math.imul(h, M) ^ Math.imul(k, M);
  }
  const rest = length & 3;
  if (rest === 3) h ^= bytes[aligned + 2]! << 16;
  if (rest >= 2) h ^= bytes[aligned + 1]! << 8;
  if (rest >= 1) h = Math.imul(h ^ bytes[aligned]!, M);
  h ^= h >>> 13;
  h = Math.imul(h, M);
  return h ^ (h >>> 15);
}

/** The partition of a key among `partitions`, as Kafka's default partitioner chooses it. */
export function partitionOfKey(key: Uint8Array, partitions: number): number {
  return partitionOf(murmur2(key, 0, key.length), partitions);
}

/** The partition of a key with this hash among `partitions`, as Kafka's default partitioner chooses it. */
export function partitionOf(hash: number, partitions: number): number {
  return (hash & 0x7fffffff) % partitions;
}
