import { offsetsSince, scanTopic, spanOf, topicOffsets, type IncomingRecord, type Stretch } from '#kafka';
import { StartError } from '#runtime';
import { MAX_EVENTS } from '../project-batch.js';
import type { OpsContext } from './ops-context.js';
import type { Progress } from './progress.js';
import { sum, type Replayed } from './replay.js';
import { sayRemoved } from './say-removed.js';

const NOTHING: Replayed = { records: 0, changes: 0, mended: 0, refused: 0 };

/** Which events are replayed. */
export interface ReplayRange {
  /** Unix ms; null: from the beginning. */
  readonly from: number | null;
  /** Null: all. */
  readonly partitions: readonly number[] | null;
  /** Where to go on, by partition; null: as `from` says. */
  readonly resume: ReadonlyMap<number, bigint> | null;
}

/**
 * The stretches of the events topic that a range means, up to where the topic ends now.
 * @throws StartError when a partition does not exist
 */
export async function stretchesOf(context: OpsContext, range: ReplayRange): Promise<Map<number, Stretch>> {
  const topic = context.topics['events.v1'];
  const offsets = await topicOffsets(context.kafka, topic);
  const named = [...(range.partitions ?? []), ...(range.resume?.keys() ?? [])];
  const unknown = named.find((partition) => !offsets.has(partition));
  if (unknown !== undefined) throw new StartError(`${topic} has no partition ${unknown}`);
  const since = range.from === null ? null : await offsetsSince(context.kafka, topic, range.from);
  const stretches = new Map<number, Stretch>();
  for (const [partition, { low, high }] of offsets) {
    if (range.partitions && !range.partitions.includes(partition)) continue;
    // What a resumed run does not name it had done.
    const from = range.resume ? (range.resume.get(partition) ?? high) : (since?.get(partition) ?? low);
    stretches.set(partition, { from: from < low ? low : from, to: high });
  }
  return stretches;
}

/** How a replay goes. */
export interface TopicReplay {
  readonly stretches: ReadonlyMap<number, Stretch>;
  readonly replay: (records: readonly IncomingRecord[]) => Promise<Replayed>;
  readonly progress: Progress;
  /** Told the next offset of a partition whenever it has moved. */
  readonly onPosition?: (partition: number, next: bigint) => void;
}

/** Replays stretches of the events topic. Ends early, without an error, when the signal is aborted. */
export async function replayTopic(context: OpsContext, options: TopicReplay): Promise<Replayed> {
  const { stretches, replay, progress, onPosition } = options;
  const whole = spanOf(stretches);
  let total = NOTHING;
  await scanTopic({
    kafka: context.kafka,
    topic: context.topics['events.v1'],
    stretches,
    maxRecords: MAX_EVENTS,
    signal: context.signal,
    onRemoved: sayRemoved(progress),
    handle: async (records) => {
      const replayed = await replay(records);
      total = sum(total, replayed);
      const { partition, offset } = records.at(-1)!;
      onPosition?.(partition, BigInt(offset) + 1n);
      progress.report(total.records, whole === 0 ? 1 : total.records / whole);
    },
  });
  progress.end();
  return total;
}
