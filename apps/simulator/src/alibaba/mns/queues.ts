import { Faults } from './faults.js';
import type { LongPolls } from './long-polls.js';
import { createLongPolls } from './long-polls.js';
import type { ReceivedMessage } from './message.js';
import type { HandleProblem, Queue, QueueCounts, SendOptions } from './queue.js';
import { createQueue } from './queue.js';

/** How a message is put into a queue by the simulator itself. */
export interface QueueSendOptions {
  readonly delaySeconds?: number;
  /** Called once, when a consumer has deleted it (and its copy, where a fault made one). */
  readonly onDeleted?: () => void;
}

/** What the simulator is told about queues. */
export interface QueuesOptions {
  /** The clock, Unix ms. Default: the system's. */
  readonly now?: () => number;
  /** How many requests may wait for one queue at a time. Default 1,000. */
  readonly longPolls?: number;
}

interface Kept {
  readonly queue: Queue;
  readonly polls: LongPolls;
}

const DEFAULT_LONG_POLLS = 1_000;

/** All queues of the simulator, in memory, with the faults that are set for them. */
export class Queues {
  readonly #kept = new Map<string, Kept>();
  readonly #faults: Faults;
  readonly #now: () => number;
  readonly #longPolls: number;

  constructor(faults: Faults = new Faults(), options: QueuesOptions = {}) {
    this.#faults = faults;
    this.#now = options.now ?? Date.now;
    this.#longPolls = options.longPolls ?? DEFAULT_LONG_POLLS;
  }

  /** The queue of a name, if there is one. */
  find(name: string): Queue | null {
    return this.#kept.get(name)?.queue ?? null;
  }

  /** Makes a queue that is there before its first message, so that consumers may already poll it. */
  declare(name: string): Queue {
    return this.#keep(name).queue;
  }

  /** Takes a queue away with all that is in it. */
  drop(name: string): void {
    this.#kept.delete(name);
  }

  /** All names, in alphabetical order. */
  names(): string[] {
    return [...this.#kept.keys()].sort();
  }

  /** Puts a message into a queue; the body is stored as it is given. The queue comes into being with its first message. */
  send(queue: string, body: string, options: QueueSendOptions = {}): void {
    this.enqueue(this.declare(queue), body, options);
  }

  /** Puts a message into a queue, twice where a fault wants it. Returns its id. */
  enqueue(queue: Queue, body: string, options: SendOptions = {}): string {
    const { onDeleted } = options;
    if (!this.#faults.strikes('duplicateShare')) return queue.send(body, options);
    let left = 2;
    const whenBothAre = (): void => {
      left -= 1;
      if (left === 0) onDeleted?.();
    };
    queue.send(body, { ...options, onDeleted: whenBothAre });
    return queue.send(body, { ...options, onDeleted: whenBothAre });
  }

  /**
   * Takes up to `most` messages; waits up to `waitMs` while there are none.
   * @param client aborted when the client has gone: then nothing is taken
   */
  async receive(queue: Queue, most: number, waitMs: number, client: AbortSignal): Promise<ReceivedMessage[]> {
    const take = (): ReceivedMessage[] | null => {
      const received = queue.receive(this.#shortened(queue, most), this.#pick());
      return received.length === 0 ? null : received;
    };
    if (client.aborted) return [];
    const received = take() ?? (waitMs > 0 ? await this.#keep(queue.name).polls.wait(waitMs, take, client) : null);
    return received ?? [];
  }

  /** Deletes the message of a handle, later or not at all where a fault wants it; null when that was well. */
  delete(queue: Queue, handle: string): HandleProblem | null {
    const message = queue.find(handle);
    if (typeof message === 'string') return message;
    const { delayedDeleteMs } = this.#faults.settings;
    if (this.#faults.strikes('lostDeleteShare')) return null;
    if (delayedDeleteMs === 0) {
      queue.remove(message);
      return null;
    }
    this.#faults.count('delayedDeleteMs');
    setTimeout(() => {
      queue.remove(message);
    }, delayedDeleteMs).unref();
    return null;
  }

  /** Messages of every queue by where they are. */
  counts(): Readonly<Record<string, QueueCounts>> {
    return Object.fromEntries(this.names().map((name) => [name, this.#kept.get(name)!.queue.counts()]));
  }

  #keep(name: string): Kept {
    let kept = this.#kept.get(name);
    if (kept === undefined) {
      const queue = createQueue(name, this.#now, () => {
        polls.wake();
      });
      const polls = createLongPolls(this.#longPolls, () => queue.nextChange(), this.#now);
      kept = { queue, polls };
      this.#kept.set(name, kept);
    }
    return kept;
  }

  #shortened(queue: Queue, most: number): number {
    if (this.#faults.settings.shortReceiveShare === 0) return most;
    const there = Math.min(most, queue.counts().active);
    return there > 1 && this.#faults.strikes('shortReceiveShare') ? this.#faults.random.between(1, there - 1) : most;
  }

  #pick(): ((active: number) => number) | undefined {
    if (this.#faults.settings.disorderShare === 0) return undefined;
    return (active) =>
      active > 1 && this.#faults.strikes('disorderShare') ? this.#faults.random.between(1, active - 1) : 0;
  }
}
