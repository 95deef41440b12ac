import type { KafkaSettings } from './client.js';
import type { IncomingRecord } from './records.js';
import { spanOf, type OnRemoved, type Stretch } from './stretches.js';
import { TopicReader } from './topic-reader.js';

/** How a topic is scanned. */
export interface ScanOptions {
  readonly kafka: KafkaSettings;
  readonly topic: string;
  /** By partition. */
  readonly stretches: ReadonlyMap<number, Stretch>;
  /** Records handed over at once. */
  readonly maxRecords: number;
  /** Gets the records of a partition in their order, up to four partitions at once. A throw ends the scan. */
  readonly handle: (records: readonly IncomingRecord[]) => Promise<void>;
  /** Ends the scan after what is in hand, without an error. */
  readonly signal: AbortSignal;
  readonly onRemoved?: OnRemoved;
}

const CONCURRENCY = 4;

/**
 * Hands over what is in stretches of a topic, as a `TopicReader` finds it, and reads on meanwhile: it holds what is being
 * worked on and what was fetched last. For operators' tools and whatever else looks through much.
 * @throws TransientError when the brokers do not answer; what `handle` throws
 */
export async function scanTopic(options: ScanOptions): Promise<void> {
  const { kafka, topic, stretches, maxRecords, handle, signal, onRemoved } = options;
  if (spanOf(stretches) === 0 || signal.aborted) return;

  const reader = new TopicReader(kafka);
  const failed = new AbortController();
  const over = AbortSignal.any([signal, failed.signal]);
  const close = (): void => void reader.close();
  // Also where the brokers keep it waiting.
  over.addEventListener('abort', close);
  const inHand = new Map<number, Promise<void>>();

  const handOver = async (records: readonly IncomingRecord[]): Promise<void> => {
    for (let at = 0; at < records.length && !over.aborted; at += maxRecords) {
      await handle(records.slice(at, at + maxRecords));
    }
  };
  try {
    for await (const records of reader.read(topic, stretches, onRemoved)) {
      const { partition } = records[0]!;
      while (inHand.has(partition) || inHand.size === CONCURRENCY) await Promise.race(inHand.values());
      const work = handOver(records).catch((error: unknown) => {
        failed.abort(error);
      });
      inHand.set(
        partition,
        work.finally(() => inHand.delete(partition)),
      );
    }
  } catch (error) {
    if (!over.aborted) throw error;
  } finally {
    await Promise.all(inHand.values());
    // Whoever scans again and again under one signal would keep every reader that there was for as long as that lives.
    over.removeEventListener('abort', close);
    await reader.close();
  }
  failed.signal.throwIfAborted();
}
