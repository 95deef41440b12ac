import { setTimeout as delay } from 'node:timers/promises';
import { queueOf } from '../../apps/simulator/src/callbacks.js';
import type { WorldReceipt } from './world.js';

/** Where receipts go. */
export interface Doors {
  /** Address that a source is pushed to: asked before every push, so that it may be another process later. */
  readonly address: (source: string) => string;
  /** Puts a message into a queue. */
  readonly enqueue: (queue: string, body: string) => Promise<void>;
}

/** What was sent. */
export interface Sent {
  readonly pushes: number;
  readonly queued: number;
  /** Pushes that had to be made again: refused, or without an answer. */
  readonly again: number;
}

/** A provider gives up sooner; here the question is what becomes of what was accepted. ms */
const BEFORE_AGAIN = 100;
const ANSWER_WITHIN = 10_000;

/**
 * Delivers receipts, each push until it is accepted.
 * @param lanes at once; one keeps them in order
 * @param onDelivered after each, with how many there were
 */
export async function deliver(
  receipts: Iterator<WorldReceipt>,
  { address, enqueue }: Doors,
  lanes: number,
  onDelivered: (delivered: number) => void,
): Promise<Sent> {
  let [pushes, queued, again] = [0, 0, 0];
  const lane = async (): Promise<void> => {
    for (;;) {
      const { value: receipt, done } = receipts.next() as IteratorResult<WorldReceipt, undefined>;
      if (done === true) return;
      if (receipt.door === 'queue') {
        await enqueue(queueOf(receipt.source)!, receipt.isPlain ? receipt.body : base64(receipt.body));
        queued += 1;
      } else {
        while (!(await isAccepted(address(receipt.source), receipt.body))) {
          again += 1;
          await delay(BEFORE_AGAIN);
        }
        pushes += 1;
      }
      onDelivered(pushes + queued);
    }
  };
  await Promise.all(Array.from({ length: lanes }, lane));
  return { pushes, queued, again };
}

async function isAccepted(address: string, body: string): Promise<boolean> {
  try {
    const response = await fetch(address, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body,
      signal: AbortSignal.timeout(ANSWER_WITHIN),
    });
    await response.arrayBuffer();
    return response.ok;
  } catch {
    return false;
  }
}

function base64(text: string): string {
  return Buffer.from(text, 'utf8').toString('base64');
}
