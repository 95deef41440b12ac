import type { EachBatchPayload } from 'kafkajs';

/** Half of the interval at which kafkajs lets a heartbeat through: none is missed. ms */
const BEAT_EVERY = 1_000;

/** What the coordinator answers when the group has moved on without us. kafkajs has to see it to join again. */
const GROUP_ERRORS = new Set([
  'REBALANCE_IN_PROGRESS',
  'NOT_COORDINATOR_FOR_GROUP',
  'ILLEGAL_GENERATION',
  'UNKNOWN_MEMBER_ID',
]);

/**
 * Keeps the membership of the group alive while a batch is worked on, however long that takes, and tells when the batch
 * is no longer ours: the process stops, the group is rebalanced, somebody has told the consumer to read elsewhere.
 */
export class Ownership {
  readonly #abort = new AbortController();
  readonly #timer: NodeJS.Timeout;
  readonly #stopping: AbortSignal;
  readonly #onStop = () => {
    this.#abort.abort();
  };
  /** What the coordinator said when it took the partition away. */
  lost: Error | null = null;

  constructor(payload: EachBatchPayload, stopping: AbortSignal) {
    this.#stopping = stopping;
    stopping.addEventListener('abort', this.#onStop);
    if (stopping.aborted) this.#abort.abort();
    this.#timer = setInterval(() => {
      if (!payload.isRunning() || payload.isStale()) this.#abort.abort();
      payload.heartbeat().catch((error: unknown) => {
        if (!isGroupError(error)) return;
        this.lost = error;
        this.#abort.abort();
      });
    }, BEAT_EVERY);
  }

  /** Aborted when the batch is no longer ours. */
  get signal(): AbortSignal {
    return this.#abort.signal;
  }

  release(): void {
    clearInterval(this.#timer);
    this.#stopping.removeEventListener('abort', this.#onStop);
  }
}

function isGroupError(error: unknown): error is Error {
  return error instanceof Error && 'type' in error && GROUP_ERRORS.has(String(error.type));
}
