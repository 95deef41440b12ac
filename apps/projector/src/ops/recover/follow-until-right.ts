import { setTimeout as sleep } from 'node:timers/promises';
import { offsetsBehind } from '#kafka';
import { pipelineOffsets } from '../../timeouts/pipeline-offsets.js';
import { SettledTime, type PipelineOffsets } from '../../timeouts/settled-time.js';
import { goOnUnless } from '../interruption.js';
import type { OpsContext } from '../ops-context.js';
import { insist } from '../replay.js';

/** From one look to the next, ms. */
const LOOK = 1_000;

/**
 * Waits until everything that is in Kafka now has been projected.
 * @returns up to when everything that came in is in the rows: where receipts wait in a spool, a time before theirs
 */
export async function followUntilRight(context: OpsContext): Promise<Date> {
  const offsets = pipelineOffsets(context.kafka, context.topicPrefix, context.pool, () => undefined);
  const settled = new SettledTime(offsets);
  const progress = context.progress('projecting', 'records');
  let most = 0;
  for (;;) {
    goOnUnless(context.signal);
    const upTo = await insist(context.signal, () => settled.look());
    if (upTo !== null) {
      progress.end();
      return new Date(upTo);
    }
    const left = await insist(context.signal, () => recordsLeft(offsets));
    most = Math.max(most, left);
    progress.report(most - left, most === 0 ? 0 : 1 - left / most);
    await sleep(LOOK, undefined, { signal: context.signal }).catch(() => undefined);
  }
}

/** Receipts and submissions that wait for the normaliser, and events that wait for the projector. */
async function recordsLeft({ inbound, events, held, normalised, projected }: PipelineOffsets): Promise<number> {
  let left = 0n;
  for (const topic of [...inbound, events]) {
    const next = topic === events ? await projected() : await normalised(topic);
    left += offsetsBehind(await held(topic), next);
  }
  return Number(left);
}
