import { setTimeout as delay } from 'node:timers/promises';
import { queueOf } from './callbacks.js';
import type { Destinations } from './destinations.js';
import type { PlannedReceipt } from './plan/part.js';
import type { RunPlan } from './plan/plan-run.js';
import type { Pusher } from './push.js';
import { isAccepted } from './push.js';
import type { Pace } from './run-pace.js';
import { allowedAfter } from './run-pace.js';
import type { Counting, RunProgress } from './run-progress.js';
import { noProgress } from './run-progress.js';

/** A run that is going on or over. */
export interface Run {
  readonly progress: RunProgress;
  /**
   * Settles when every push is accepted or given up and every message in a queue is deleted, or the run was aborted.
   * Never rejects.
   */
  readonly finished: Promise<void>;
}

/** Where messages are put for others to fetch. */
export interface QueueSender {
  /** @param body as it stands in the queue */
  send(queue: string, body: string, options: { readonly onDeleted: () => void }): void;
}

/** How receipts are sent. */
export interface RunSettings {
  readonly destinations: Destinations;
  readonly pusher: Pusher;
  readonly queues: QueueSender;
  readonly pace: Pace;
  readonly timeCompression: number;
  readonly signal: AbortSignal;
}

const TICK = 5;
/** More than this at once would wait for connections of ours and time out without having been sent. */
const MOST_IN_FLIGHT = 256;
/** Most receipts that are begun without letting anything else happen. */
const TURN = 500;
/** Between two receipts of a thread, ms: times of coming are whole milliseconds, and must differ. */
const BETWEEN_CHAPTERS = 4;

/** Starts to send a plan. */
export function startRun(plan: RunPlan, settings: RunSettings): Run {
  const progress = noProgress(plan.expected);
  return { progress, finished: new Sending(settings, progress).send(plan.receipts) };
}

/** What is under way of one run. */
class Sending {
  readonly #settings: RunSettings;
  readonly #progress: Counting;
  readonly #over = Promise.withResolvers<undefined>();
  readonly #threads = new Map<string, Promise<void>>();
  /** Receipts that were begun and are neither accepted, given up nor deleted. */
  #open = 0;
  #inFlight = 0;

  constructor(settings: RunSettings, progress: Counting) {
    this.#settings = settings;
    this.#progress = progress;
  }

  async send(receipts: readonly PlannedReceipt[]): Promise<void> {
    const { pace, signal } = this.#settings;
    signal.addEventListener('abort', this.#end);
    const startedAt = performance.now();
    let begun = 0;
    // Held until everything was begun.
    this.#open = 1;
    for (const receipt of receipts) {
      while (
        !signal.aborted &&
        (this.#inFlight >= MOST_IN_FLIGHT || begun >= allowedAfter(performance.now() - startedAt, pace))
      ) {
        await pause(TICK, signal);
      }
      if (signal.aborted) break;
      begun += 1;
      this.#begin(receipt);
      // Who wants to push or fetch meanwhile must get a turn, however many go out at once.
      if (begun % TURN === 0) await pause(0, signal);
    }
    this.#close();
    if (!signal.aborted) await this.#over.promise;
    signal.removeEventListener('abort', this.#end);
  }

  readonly #end = (): void => {
    this.#over.resolve(undefined);
  };

  #close(): void {
    this.#open -= 1;
    if (this.#open === 0) this.#end();
  }

  #begin(receipt: PlannedReceipt): void {
    this.#open += 1;
    const { thread } = receipt;
    if (thread === undefined) {
      void this.#deliver(receipt);
      return;
    }
    const before = this.#threads.get(thread);
    const chapter = async (): Promise<void> => {
      await before;
      await this.#deliver(receipt);
      await pause(BETWEEN_CHAPTERS, this.#settings.signal);
    };
    this.#threads.set(thread, chapter());
  }

  /** Settles when the vendor has done what it does about this receipt. */
  async #deliver(receipt: PlannedReceipt): Promise<void> {
    if (this.#settings.signal.aborted) return;
    if (receipt.door === 'queue') {
      this.#enqueue(receipt);
      return;
    }
    await this.#push(receipt);
    this.#close();
  }

  #enqueue({ source, body, isPlain }: PlannedReceipt): void {
    const { queue } = this.#progress;
    const name = queueOf(source);
    if (name === null) throw new Error(`${source} has no queue`);
    queue.queued += 1;
    this.#settings.queues.send(name, isPlain ? body : Buffer.from(body, 'utf8').toString('base64'), {
      onDeleted: () => {
        queue.consumed += 1;
        queue.consumedBySource[source] += 1;
        this.#close();
      },
    });
  }

  /** Pushes until it is accepted or the vendor gives up. */
  async #push({ source, body }: PlannedReceipt): Promise<void> {
    const { destinations, pusher, timeCompression, signal } = this.#settings;
    const { push } = this.#progress;
    const destination = destinations[source];
    push.pushed += 1;
    for (let tried = 0; ; tried += 1) {
      this.#inFlight += 1;
      const outcome = await pusher.push(destination, body);
      this.#inFlight -= 1;
      push.outcomes[outcome] = (push.outcomes[outcome] ?? 0) + 1;
      if (isAccepted(outcome)) {
        push.accepted += 1;
        push.acceptedBySource[source] += 1;
        return;
      }
      const wait = destination.dialect.retryAfter[tried];
      if (wait === undefined) break;
      await pause(wait / timeCompression, signal);
      // A run that was stopped has given nothing up.
      if (signal.aborted) return;
      push.retried += 1;
    }
    push.givenUp += 1;
  }
}

async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await delay(ms, undefined, { signal }).catch(() => undefined);
}
