import { setTimeout as delay } from 'node:timers/promises';
import type { SourceId } from './callbacks.js';
import { SOURCE_IDS } from './callbacks.js';
import type { Destinations } from './destinations.js';
import type { PlannedPush } from './plan/part.js';
import type { ExpectedTruth, RunPlan } from './plan/plan-run.js';
import type { Pusher, PushOutcome } from './push.js';
import { isAccepted } from './push.js';

/** How a run goes so far. Counts of receipts. */
export interface RunProgress {
  readonly planned: number;
  /** Pushed at least once. */
  readonly pushed: number;
  readonly accepted: number;
  /** Attempts beyond the first of each. */
  readonly retried: number;
  /** Not accepted in any attempt: the vendor forgets them. */
  readonly givenUp: number;
  /** Attempts by what became of them: a status, `timeout`, `unreachable`, `wrong-answer`. */
  readonly outcomes: Readonly<Record<string, number>>;
  /** Accepted by source. */
  readonly acceptedBySource: Readonly<Record<SourceId, number>>;
}

/** A run that is going on or over. */
export interface Run {
  readonly progress: RunProgress;
  readonly expected: ExpectedTruth;
  /** Settles when every receipt is accepted or given up, or the run was aborted. Never rejects. */
  readonly finished: Promise<void>;
}

/** How receipts are sent. */
export interface RunSettings {
  readonly destinations: Destinations;
  readonly pusher: Pusher;
  /** Receipts per second. */
  readonly rate: number;
  readonly timeCompression: number;
  readonly signal: AbortSignal;
}

const TICK = 5;
/** More than this at once would wait for connections of ours and time out without having been sent. */
const MOST_IN_FLIGHT = 256;

interface Progress extends RunProgress {
  pushed: number;
  accepted: number;
  retried: number;
  givenUp: number;
  readonly outcomes: Record<string, number>;
  readonly acceptedBySource: Record<SourceId, number>;
}

/** Starts to send a plan. */
export function startRun(plan: RunPlan, settings: RunSettings): Run {
  const progress: Progress = {
    planned: plan.pushes.length,
    pushed: 0,
    accepted: 0,
    retried: 0,
    givenUp: 0,
    outcomes: {},
    acceptedBySource: Object.fromEntries(SOURCE_IDS.map((id) => [id, 0])) as Record<SourceId, number>,
  };
  return { progress, expected: plan.expected, finished: sendAll(plan.pushes, settings, progress) };
}

async function sendAll(pushes: readonly PlannedPush[], settings: RunSettings, progress: Progress): Promise<void> {
  const { rate, signal } = settings;
  let inFlight = 0;
  const attempt = async ({ source, body }: PlannedPush): Promise<PushOutcome> => {
    inFlight += 1;
    const outcome = await settings.pusher.push(settings.destinations[source], body);
    inFlight -= 1;
    progress.outcomes[outcome] = (progress.outcomes[outcome] ?? 0) + 1;
    return outcome;
  };

  const deliveries: Promise<void>[] = [];
  const threads = new Map<string, Promise<void>>();
  const startedAt = performance.now();
  for (const push of pushes) {
    while (!signal.aborted && (inFlight >= MOST_IN_FLIGHT || isEarly(progress.pushed, rate, startedAt))) {
      await pause(TICK, signal);
    }
    if (signal.aborted) break;
    progress.pushed += 1;
    const before = push.thread === undefined ? undefined : threads.get(push.thread);
    const delivery =
      before === undefined
        ? deliver(push, settings, progress, attempt)
        : before.then(() => deliver(push, settings, progress, attempt));
    if (push.thread !== undefined) threads.set(push.thread, delivery);
    deliveries.push(delivery);
  }
  await Promise.all(deliveries);
}

/** Pushes until it is accepted or the vendor gives up. */
async function deliver(
  push: PlannedPush,
  { destinations, timeCompression, signal }: RunSettings,
  progress: Progress,
  attempt: (push: PlannedPush) => Promise<PushOutcome>,
): Promise<void> {
  const { retryAfter } = destinations[push.source].dialect;
  for (let tried = 0; !signal.aborted; tried += 1) {
    if (isAccepted(await attempt(push))) {
      progress.accepted += 1;
      progress.acceptedBySource[push.source] += 1;
      return;
    }
    const wait = retryAfter[tried];
    if (wait === undefined) break;
    await pause(wait / timeCompression, signal);
    progress.retried += 1;
  }
  progress.givenUp += 1;
}

function isEarly(pushed: number, rate: number, startedAt: number): boolean {
  return pushed >= ((performance.now() - startedAt) / 1000) * rate;
}

async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await delay(ms, undefined, { signal }).catch(() => undefined);
}
