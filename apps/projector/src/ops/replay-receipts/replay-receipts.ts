import { setTimeout as sleep } from 'node:timers/promises';
import { RECEIPT_HEADERS, REDRIVE } from '#contracts';
import {
  headerText,
  headerValues,
  offsetsSince,
  recordOrigin,
  scanTopic,
  spanOf,
  topicOffsets,
  type IncomingRecord,
  type OutgoingRecord,
  type Stretch,
} from '#kafka';
import { goOnUnless } from '../interruption.js';
import type { OpsContext } from '../ops-context.js';
import { openRecordFile, recordFields, type RecordFile } from '../record-file.js';
import { insist } from '../replay.js';
import { sayRemoved } from '../say-removed.js';

/** Which receipts are replayed, and where to. */
export interface ReplayReceipts {
  /** Received from then on, Unix ms. */
  readonly from: number;
  /** And before then, Unix ms. */
  readonly until: number;
  /** Null: all. */
  readonly sources: ReadonlySet<string> | null;
  readonly to: 'normaliser' | { readonly file: string };
  /** Receipts a second at most, to the normaliser. */
  readonly rate: number;
  /** Only count them. */
  readonly dryRun: boolean;
  /** Where to go on, by partition; what is not named had been done. Null: from the beginning of the time. */
  readonly resume: ReadonlyMap<number, bigint> | null;
}

const MAX_RECEIPTS = 200;
/** Clocks of the hosts that take receipts in, and of the brokers, may differ by so much, ms. */
const CLOCK_SKEW = 10 * 60 * 1_000;

/**
 * Reads raw receipts of a time and sources once more, as they stand in their topic now: to the normaliser, as copies at
 * the end of the topic, with all that they came with; or to a file. What comes of a copy has the ids that it has
 * already, so where nothing was missing nothing changes. Copies themselves are passed over: their originals are copied.
 */
export async function replayReceipts(context: OpsContext, replay: ReplayReceipts): Promise<void> {
  const topic = context.topics['raw-receipts.v1'];
  const stretches = await stretchesOf(context, topic, replay);
  const whole = spanOf(stretches);
  const positions = new Map([...stretches].map(([partition, { from }]) => [partition, from]));
  const { to, dryRun } = replay;
  const file = to === 'normaliser' || dryRun ? null : await openRecordFile(to.file, context.output);
  const progress = context.progress(dryRun ? 'counting' : 'replaying', 'receipts');
  const began = performance.now();
  let read = 0;
  let replayed = 0;
  try {
    await scanTopic({
      kafka: context.kafka,
      topic,
      stretches,
      maxRecords: MAX_RECEIPTS,
      signal: context.signal,
      onRemoved: sayRemoved(progress),
      handle: async (records) => {
        const meant = records.filter((record) => isMeant(record, replay));
        if (!dryRun) await give(context, meant, file);
        const { partition, offset } = records.at(-1)!;
        positions.set(partition, BigInt(offset) + 1n);
        read += records.length;
        replayed += meant.length;
        progress.report(replayed, read / whole);
        const ahead = (replayed / replay.rate) * 1000 - (performance.now() - began);
        if (file === null && !dryRun && ahead > 0) {
          await sleep(ahead, undefined, { signal: context.signal }).catch(() => undefined);
        }
      },
    });
    goOnUnless(context.signal);
  } catch (error) {
    const left = [...positions].filter(([partition, next]) => next < stretches.get(partition)!.to);
    if (to === 'normaliser' && !dryRun) {
      context.print(`stopped; to go on: the same with --resume ${left.map((position) => position.join(':')).join()}`);
    }
    throw error;
  } finally {
    progress.end();
    await file?.close();
  }
  const where = to === 'normaliser' ? 'to the normaliser' : `to ${to.file}`;
  if (to === 'normaliser' || to.file !== '-') {
    context.print(`${replayed} receipts ${dryRun ? 'would be ' : ''}replayed ${where}`);
  }
}

function give(context: OpsContext, receipts: readonly IncomingRecord[], file: RecordFile | null): Promise<void> {
  if (file !== null) return file.write(receipts.map(recordFields));
  return insist(context.signal, () => context.publishAll(receipts.map(copyOf)));
}

/** Everything before `from` is passed over by Kafka's own times, the rest by when receipts were received: a spool is late. */
async function stretchesOf(
  { kafka }: OpsContext,
  topic: string,
  { from, resume }: ReplayReceipts,
): Promise<Map<number, Stretch>> {
  const offsets = await topicOffsets(kafka, topic);
  const since = await offsetsSince(kafka, topic, from - CLOCK_SKEW);
  return new Map(
    [...offsets].map(([partition, { low, high }]) => {
      const start = resume === null ? (since.get(partition) ?? low) : (resume.get(partition) ?? high);
      return [partition, { from: start < low ? low : start, to: high }];
    }),
  );
}

function isMeant(record: IncomingRecord, { from, until, sources }: ReplayReceipts): boolean {
  const receivedAt = Date.parse(headerText(record, RECEIPT_HEADERS.receivedAt) ?? '');
  if (!(receivedAt >= from && receivedAt < until)) return false;
  if (headerText(record, RECEIPT_HEADERS.transport) === REDRIVE) return false;
  return sources?.has(headerText(record, RECEIPT_HEADERS.source) ?? '') ?? true;
}

function copyOf(record: IncomingRecord): OutgoingRecord {
  const { topic, key, value, headers } = record;
  const copied = {
    ...headerValues(headers),
    [RECEIPT_HEADERS.transport]: REDRIVE,
    [RECEIPT_HEADERS.copyOf]: recordOrigin(record),
  };
  return { topic, key, value: value ?? Buffer.alloc(0), headers: copied };
}
