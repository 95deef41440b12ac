/**
 * murmur2 as Kafka's own Java client computes it (org.apache.kafka.common.utils.Utils.murmur2), so that a key lands in
 * the partition that every other client expects. kafkajs has it too, on 64-bit big integers and ten times slower.
 */
const SEED = 0x9747b28c | 0;
const M = 0x5bd1e995;

/** The hash of a key: a signed 32-bit integer. */
export function murmur2(key: Uint8Array): number {
  const length = key.length;
  const aligned = length & ~3;
  let h = SEED ^ length;
  for (let at = 0; at < aligned; at += 4) {
    let k = key[at]! | (key[at + 1]! << 8) | (key[at + 2]! << 16) | (key[at + 3]! << 24);
    k = Math.imul(k, M);
    k ^= k >>> 24;
    h = Math.imul(h, M) ^ Math.imul(k, M);
  }
  const rest = length & 3;
  if (rest === 3) h ^= key[aligned + 2]! << 16;
  if (rest >= 2) h ^= key[aligned + 1]! << 8;
  if (rest >= 1) h = Math.imul(h ^ key[aligned]!, M);
  h ^= h >>> 13;
  h = Math.imul(h, M);
  return h ^ (h >>> 15);
}

/** The partition of a key among `partitions`, as Kafka's default partitioner chooses it. */
export function partitionOf(key: string | Uint8Array, partitions: number): number {
  const bytes = typeof key === 'string' ? Buffer.from(key) : key;
  return (murmur2(bytes) & 0x7fffffff) % partitions;
}
