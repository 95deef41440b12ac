import type { Pool, PoolClient } from 'pg';
import type { CanonicalEvent } from '#contracts';
import { backoffDelay, pause, TransientError, type IncomingRecord } from '#kafka';
import { decodeRecords, projectEvents, type Decoded } from '../project-batch.js';
import { BEGIN_BEFORE_ERASURES, type ErasureStore } from '../store/erasures.js';
import { inTransaction } from '../store/transaction.js';
import { goOnUnless } from './interruption.js';

/** What replaying came to. */
export interface Replayed {
  readonly records: number;
  readonly changes: number;
  /** Rows that did not show what their facts amount to. */
  readonly mended: number;
  /** Records that cannot be projected: the projector has made dead letters of them. */
  readonly refused: number;
}

/** What a replay does after merging, inside its transaction: publishing, at least. */
export type AfterMerge = (
  client: PoolClient,
  decoded: Decoded,
  changes: readonly CanonicalEvent[],
) => Promise<Pick<Replayed, 'changes' | 'mended'>>;

/** Attempts at what is away or busy: about a minute of waiting in all. */
const ATTEMPTS = 15;
const BACKOFF = { first: 100, most: 5_000 } as const;

/**
 * Merges records as the projector does, but without its position, and without dead letters, which the projector has
 * written: what cannot be projected is halved down to the record and passed over.
 */
export async function replayRecords(
  records: readonly IncomingRecord[],
  pool: Pool,
  afterMerge: AfterMerge,
  erasures: ErasureStore,
  signal: AbortSignal,
): Promise<Replayed> {
  const decoded = decodeRecords(records);
  const work = async (client: PoolClient): Promise<Replayed> => {
    const { changes, failures } = await projectEvents(client, decoded, await erasures.current(client));
    return { records: records.length, refused: failures.length, ...(await afterMerge(client, decoded, changes)) };
  };
  try {
    return await insist(signal, () => inTransaction(pool, work, BEGIN_BEFORE_ERASURES));
  } catch (error) {
    if (error instanceof TransientError || signal.aborted) throw error;
    if (records.length === 1) return { records: 1, changes: 0, mended: 0, refused: 1 };
    const half = Math.ceil(records.length / 2);
    const first = await replayRecords(records.slice(0, half), pool, afterMerge, erasures, signal);
    return sum(first, await replayRecords(records.slice(half), pool, afterMerge, erasures, signal));
  }
}

/** Both together. */
export function sum(a: Replayed, b: Replayed): Replayed {
  return {
    records: a.records + b.records,
    changes: a.changes + b.changes,
    mended: a.mended + b.mended,
    refused: a.refused + b.refused,
  };
}

/**
 * Does the same again when something is away, or another writer was faster.
 * @throws TransientError what went wrong the last time
 */
export async function insist<T>(signal: AbortSignal, work: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    goOnUnless(signal);
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof TransientError) || attempt === ATTEMPTS) throw error;
      await pause(backoffDelay(BACKOFF, attempt), signal);
    }
  }
}
