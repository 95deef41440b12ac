import { setTimeout as delay } from 'node:timers/promises';
import type { ExpectedTruth, PlannedPush, PushedReceipt, RunPlan } from './plan/plan-run.js';
import type { Pusher, PushOutcome } from './push.js';
import { isAccepted } from './push.js';

/** Where receipts of each type are pushed to. */
export type CallbackUrls = Readonly<Record<PushedReceipt, string>>;

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
  /** Attempts by what became of them: a status, `timeout`, `unreachable`, `no-answer-code`. */
  readonly outcomes: Readonly<Record<string, number>>;
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
  readonly urls: CallbackUrls;
  readonly pusher: Pusher;
  /** Receipts per second. */
  readonly rate: number;
  readonly timeCompression: number;
  readonly signal: AbortSignal;
}

/** The vendor pushes again after 1, 5 and 10 minutes ("Configure delivery receipts"). */
const RETRY_AFTER = [60_000, 300_000, 600_000];
const TICK = 5;
/** More than this at once would wait for connections of ours and time out without having been sent. */
const MOST_IN_FLIGHT = 256;

/** Starts to send a plan. */
export function startRun(plan: RunPlan, settings: RunSettings): Run {
  const outcomes: Record<string, number> = {};
  const progress = { planned: plan.pushes.length, pushed: 0, accepted: 0, retried: 0, givenUp: 0, outcomes };
  const attempt = async (push: PlannedPush): Promise<PushOutcome> => {
    const outcome = await settings.pusher.push(settings.urls[push.receipt], push.body);
    outcomes[outcome] = (outcomes[outcome] ?? 0) + 1;
    return outcome;
  };
  return { progress, expected: plan.expected, finished: sendAll(plan.pushes, settings, progress, attempt) };
}

async function sendAll(
  pushes: readonly PlannedPush[],
  { rate, timeCompression, signal }: RunSettings,
  progress: { pushed: number; accepted: number; retried: number; givenUp: number },
  attempt: (push: PlannedPush) => Promise<PushOutcome>,
): Promise<void> {
  let inFlight = 0;
  const send = async (push: PlannedPush): Promise<void> => {
    for (let tried = 0; ; tried += 1) {
      inFlight += 1;
      const outcome = await attempt(push);
      inFlight -= 1;
      if (isAccepted(outcome)) {
        progress.accepted += 1;
        return;
      }
      const wait = RETRY_AFTER[tried];
      if (wait === undefined || signal.aborted) break;
      await pause(wait / timeCompression, signal);
      progress.retried += 1;
    }
    progress.givenUp += 1;
  };

  const deliveries: Promise<void>[] = [];
  const startedAt = performance.now();
  for (const push of pushes) {
    while (!signal.aborted && (inFlight >= MOST_IN_FLIGHT || isEarly(progress.pushed, rate, startedAt))) {
      await pause(TICK, signal);
    }
    if (signal.aborted) break;
    progress.pushed += 1;
    deliveries.push(send(push));
  }
  await Promise.all(deliveries);
}

function isEarly(pushed: number, rate: number, startedAt: number): boolean {
  return pushed >= ((performance.now() - startedAt) / 1000) * rate;
}

async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await delay(ms, undefined, { signal }).catch(() => undefined);
}
