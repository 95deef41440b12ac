import { randomBytes } from 'node:crypto';
import type { Deque } from './deque.js';
import { createDeque } from './deque.js';
import type { ReceivedMessage, StoredMessage } from './message.js';
import { bodyMd5, isReceiptHandle, messageIdOf, receiptHandleOf } from './message.js';
import { createVisibilityHeap } from './visibility-heap.js';

/** What can be set of a queue; defaults and ranges are the vendor's. Seconds and bytes. */
export interface QueueAttributes {
  delaySeconds: number;
  maximumMessageSize: number;
  messageRetentionPeriod: number;
  visibilityTimeout: number;
  pollingWaitSeconds: number;
  loggingEnabled: boolean;
}

/** The vendor's defaults. */
export const DEFAULT_ATTRIBUTES: Readonly<QueueAttributes> = {
  delaySeconds: 0,
  maximumMessageSize: 65_536,
  messageRetentionPeriod: 345_600,
  visibilityTimeout: 30,
  pollingWaitSeconds: 0,
  loggingEnabled: false,
};

/** Messages of a queue by where they are. */
export interface QueueCounts {
  readonly active: number;
  readonly inactive: number;
  readonly delayed: number;
  /** Deleted by a consumer, ever. */
  readonly deleted: number;
  /** Older than the retention period, ever. */
  readonly expired: number;
}

/** How a message is sent. */
export interface SendOptions {
  /** Default: the queue's. */
  readonly delaySeconds?: number;
  /** 1 (first) to 16; default 8. */
  readonly priority?: number;
  /** Called once, when a consumer has deleted it. */
  readonly onDeleted?: () => void;
}

/** Why a handle does nothing: it never was one, or is no longer the message's. */
export type HandleProblem = 'ReceiptHandleError' | 'MessageNotExist';

/** One queue: active → inactive until its time → active again, until it is deleted or too old. Times in Unix ms. */
export interface Queue {
  readonly name: string;
  readonly attributes: QueueAttributes;
  readonly createTime: number;
  lastModifyTime: number;
  /** Returns the id of the message. */
  send(body: string, options?: SendOptions): string;
  /**
   * Takes up to `most` messages, which stay invisible for the queue's visibility timeout. Each gets a new handle.
   * @param pick chooses which of so many active ones leaves next; default the first
   */
  receive(most: number, pick?: (active: number) => number): ReceivedMessage[];
  /** Shows up to `most` active messages and changes nothing. */
  peek(most: number): ReceivedMessage[];
  /** The message of a handle that is still good. */
  find(handle: string): StoredMessage | HandleProblem;
  /** Deletes a message, wherever it is. Does nothing when it has gone already. */
  remove(message: StoredMessage): void;
  /** Makes the message invisible for so many seconds from now; its old handle dies. */
  changeVisibility(
    handle: string,
    seconds: number,
  ): { readonly receiptHandle: string; readonly nextVisibleTime: number } | HandleProblem;
  counts(): QueueCounts;
  /** When the next message becomes visible by itself; null when none waits. */
  nextChange(): number | null;
}

const PRIORITIES = 16;
const DEFAULT_PRIORITY = 8;
/** Gone messages that may wait in line for the retention period, beyond as many as are there. */
const MOST_GONE = 1024;

/**
 * An empty queue in memory. Every operation takes log n steps at most, so that half a million messages do no harm.
 * @param now the clock, Unix ms
 * @param onChange called when a message was sent, or becomes visible at another time than was told
 */
export function createQueue(name: string, now: () => number, onChange: () => void = () => undefined): Queue {
  const id = randomBytes(8).toString('hex').toUpperCase();
  const active: readonly Deque<StoredMessage>[] = Array.from({ length: PRIORITIES }, () =>
    createDeque<StoredMessage>(),
  );
  const waiting = createVisibilityHeap<StoredMessage>();
  const byHandle = new Map<string, StoredMessage>();
  /** All messages as they came, for the retention period; gone ones are taken out when it pays. */
  let byAge = createDeque<StoredMessage>();
  const counts = { active: 0, inactive: 0, delayed: 0, deleted: 0, expired: 0 };
  const attributes = { ...DEFAULT_ATTRIBUTES };
  const createTime = now();
  let sequence = 0;
  let receives = 0;

  const activate = (message: StoredMessage): void => {
    dropHandle(message);
    message.state = 'active';
    counts.active += 1;
    active[message.priority - 1]!.push(message);
  };
  const dropHandle = (message: StoredMessage): void => {
    if (message.receiptHandle !== null) byHandle.delete(message.receiptHandle);
    message.receiptHandle = null;
  };
  /** Out of the queue; a message that was active stays in its line as gone, and is passed over there. */
  const leave = (message: StoredMessage): void => {
    if (message.state === 'gone') return;
    counts[message.state] -= 1;
    if (message.heapIndex >= 0) waiting.remove(message);
    dropHandle(message);
    message.state = 'gone';
    message.body = '';
  };
  const settle = (): number => {
    const time = now();
    for (let first = waiting.first(); first !== undefined && first.visibleAt <= time; first = waiting.first()) {
      waiting.remove(first);
      counts[first.state as 'inactive' | 'delayed'] -= 1;
      activate(first);
    }
    const oldest = time - attributes.messageRetentionPeriod * 1000;
    for (let first = byAge.at(0); first !== undefined; first = byAge.at(0)) {
      if (first.state !== 'gone') {
        if (first.enqueueTime > oldest) break;
        leave(first);
        counts.expired += 1;
      }
      byAge.shift();
    }
    return time;
  };
  const forgetGone = (): void => {
    const there = counts.active + counts.inactive + counts.delayed;
    if (byAge.length <= 2 * there + MOST_GONE) return;
    const kept = createDeque<StoredMessage>();
    for (let message = byAge.shift(); message !== undefined; message = byAge.shift()) {
      if (message.state !== 'gone') kept.push(message);
    }
    byAge = kept;
  };
  const nextActive = (pick: ((active: number) => number) | undefined): StoredMessage | undefined => {
    for (const line of active) {
      while (line.length > 0) {
        if (pick !== undefined) line.bringForward(pick(line.length));
        const message = line.shift()!;
        if (message.state === 'active') return message;
      }
    }
    return undefined;
  };
  const hide = (message: StoredMessage, until: number): string => {
    receives += 1;
    dropHandle(message);
    if (message.heapIndex >= 0) waiting.remove(message);
    message.visibleAt = until;
    waiting.add(message);
    const handle = receiptHandleOf(receives, until, message.priority);
    message.receiptHandle = handle;
    byHandle.set(handle, message);
    return handle;
  };
  const find = (handle: string): StoredMessage | HandleProblem => {
    settle();
    const message = byHandle.get(handle);
    return message ?? (isReceiptHandle(handle) ? 'MessageNotExist' : 'ReceiptHandleError');
  };
  const shown = (message: StoredMessage): ReceivedMessage => ({
    messageId: messageIdOf(id, message.enqueueTime, message.sequence),
    body: message.body,
    bodyMd5: bodyMd5(message.body),
    enqueueTime: message.enqueueTime,
    firstDequeueTime: message.firstDequeueTime,
    dequeueCount: message.dequeueCount,
    priority: message.priority,
    receiptHandle: message.receiptHandle,
    nextVisibleTime: message.receiptHandle === null ? null : message.visibleAt,
  });

  return {
    name,
    attributes,
    createTime,
    lastModifyTime: createTime,
    send(body, { delaySeconds = attributes.delaySeconds, priority = DEFAULT_PRIORITY, onDeleted } = {}) {
      const time = settle();
      sequence += 1;
      const message: StoredMessage = {
        sequence,
        body,
        priority,
        enqueueTime: time,
        firstDequeueTime: 0,
        dequeueCount: 0,
        state: 'delayed',
        receiptHandle: null,
        visibleAt: time + delaySeconds * 1000,
        heapIndex: -1,
        onDeleted: onDeleted ?? null,
      };
      byAge.push(message);
      if (delaySeconds > 0) {
        counts.delayed += 1;
        waiting.add(message);
      } else {
        activate(message);
      }
      onChange();
      return messageIdOf(id, time, sequence);
    },
    receive(most, pick) {
      const time = settle();
      const received: ReceivedMessage[] = [];
      while (received.length < most) {
        const message = nextActive(pick);
        if (message === undefined) break;
        counts.active -= 1;
        counts.inactive += 1;
        message.state = 'inactive';
        message.dequeueCount += 1;
        if (message.firstDequeueTime === 0) message.firstDequeueTime = wholeSecond(time);
        hide(message, wholeSecond(time + attributes.visibilityTimeout * 1000));
        received.push(shown(message));
      }
      if (received.length > 0) onChange();
      return received;
    },
    peek(most) {
      settle();
      const peeked: ReceivedMessage[] = [];
      for (const line of active) {
        for (let place = 0; place < line.length && peeked.length < most; place += 1) {
          const message = line.at(place)!;
          if (message.state === 'active') peeked.push(shown(message));
        }
      }
      return peeked;
    },
    find,
    remove(message) {
      if (message.state === 'gone') return;
      leave(message);
      counts.deleted += 1;
      forgetGone();
      message.onDeleted?.();
    },
    changeVisibility(handle, seconds) {
      const message = find(handle);
      if (typeof message === 'string') return message;
      const nextVisibleTime = wholeSecond(now() + seconds * 1000);
      const receiptHandle = hide(message, nextVisibleTime);
      onChange();
      return { receiptHandle, nextVisibleTime };
    },
    counts() {
      settle();
      return { ...counts };
    },
    nextChange() {
      return waiting.first()?.visibleAt ?? null;
    },
  };
}

/** Published messages show whole seconds for everything but the enqueue time. Up, so that no time is shorter than said. */
function wholeSecond(time: number): number {
  return Math.ceil(time / 1000) * 1000;
}
