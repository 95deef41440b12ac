import { setTimeout as delay } from 'node:timers/promises';
import { consumerGroup } from '#contracts';
import { groupOffsets, topicOffsets } from '#kafka';
import type { Installation } from '../installation.js';

/** Between two looks, ms: each opens connections, on the machine that is being watched. */
const BETWEEN_LOOKS = 500;
/** Without any progress for this long, ms, nothing more is to be expected. */
const STANDSTILL = 120_000;

/** How far an installation has come. */
export interface Stand {
  readonly receipts: number;
  readonly normalised: number;
  readonly events: number;
  readonly projected: number;
}

/**
 * Waits until everything that is in the topics has been normalised and projected.
 * @param isFed whether everything that was sent is in the topics
 * @throws Error when nothing moves any more before that
 */
export async function untilSettled(
  installation: Installation,
  isFed: () => Promise<boolean>,
  onLook: (stand: Stand) => void,
): Promise<void> {
  let last = '';
  let since = Date.now();
  for (;;) {
    // In this order: what comes while we look is then seen as not done.
    const fed = await isFed();
    const stand = await lookAt(installation);
    onLook(stand);
    if (fed && stand.normalised === stand.receipts && stand.projected === stand.events) return;
    const now = JSON.stringify(stand);
    if (now !== last) [last, since] = [now, Date.now()];
    if (Date.now() - since > STANDSTILL) throw new Error(`stands still: ${now}`);
    await delay(BETWEEN_LOOKS);
  }
}

async function lookAt(installation: Installation): Promise<Stand> {
  const { kafka, pool } = installation;
  const raw = installation.topic('raw-receipts.v1');
  const group = consumerGroup(raw.slice(0, raw.indexOf('.') + 1), 'normaliser');
  // Normalised before events: an event that comes in between is then not missed.
  const [receipts, normalised] = [
    await count(installation, raw),
    sum((await groupOffsets(kafka, group, raw)).values()),
  ];
  const events = await count(installation, installation.topic('events.v1'));
  const { rows } = await pool.query<{ readonly sum: string | null }>(
    'SELECT sum(next_offset) AS sum FROM projector_offset WHERE topic = $1',
    [installation.topic('events.v1')],
  );
  return { receipts, normalised, events, projected: Number(rows[0]?.sum ?? 0) };
}

async function count({ kafka }: Installation, topic: string): Promise<number> {
  return sum([...(await topicOffsets(kafka, topic)).values()].map(({ high }) => high));
}

function sum(numbers: Iterable<bigint>): number {
  let total = 0n;
  for (const number of numbers) total += number;
  return Number(total);
}
