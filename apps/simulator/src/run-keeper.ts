import { Inject, Injectable } from '@nestjs/common';
import type { OnApplicationShutdown } from '@nestjs/common';
import { randomInt } from 'node:crypto';
import { Queues } from './alibaba/mns/queues.js';
import type { Provider } from './callbacks.js';
import { CALLBACKS, SOURCE_IDS } from './callbacks.js';
import { destinationsAt } from './destinations.js';
import type { SimulatorEnvironment } from './environment.js';
import type { Expected, RunPlan } from './plan/plan-run.js';
import { planRun } from './plan/plan-run.js';
import type { RunShape } from './plan/run-shape.js';
import { DEFAULT_SHAPE } from './plan/run-shape.js';
import type { Truth } from './plan/truth.js';
import { createPusher, type Pusher } from './push.js';
import type { RunRequestBody } from './run-request.js';
import type { BySource, RunProgress } from './run-progress.js';
import { startRun } from './run.js';

/** Injection token of the environment. */
export const ENVIRONMENT = Symbol('simulator environment');

/** Receipts by the vendor's name of them, under the vendor's. */
export type ByReceipt = Readonly<Partial<Record<Provider, Readonly<Record<string, number>>>>>;

/** The answer about a run. */
export interface RunView {
  readonly state: 'running' | 'finished';
  readonly messages: number;
  readonly rate: number;
  readonly seed: number;
  /** When the world of the run begins: with `seed` and `shape` it gives the same receipts again. RFC 3339. */
  readonly begins: string;
  readonly shape: RunShape;
  /** RFC 3339. */
  readonly startedAt: string;
  readonly finishedAt: string | null;
  readonly progress: RunProgress;
  /** Pushes accepted so far. */
  readonly acceptedByReceipt: ByReceipt;
  /** Messages taken from queues so far. */
  readonly consumedByReceipt: ByReceipt;
  /** What must be found behind the ingress if nothing is given up. */
  readonly expected: Expected;
}

interface CurrentRun {
  readonly plan: RunPlan;
  readonly progress: RunProgress;
  readonly request: Pick<RunView, 'messages' | 'rate' | 'seed' | 'begins'>;
  readonly shape: RunShape;
  readonly abort: AbortController;
  readonly finished: Promise<void>;
  readonly startedAt: Date;
  finishedAt: Date | null;
}

/** The run that is going on, or the last one: there is one at a time. */
@Injectable()
export class RunKeeper implements OnApplicationShutdown {
  readonly #pusher: Pusher;
  readonly #environment: SimulatorEnvironment;
  readonly #queues: Queues;
  #current: CurrentRun | null = null;

  constructor(@Inject(ENVIRONMENT) environment: SimulatorEnvironment, queues: Queues) {
    this.#environment = environment;
    this.#pusher = createPusher(environment.patience);
    this.#queues = queues;
  }

  /** Starts a run; null when one is going on. */
  start(request: RunRequestBody): RunView | null {
    if (this.#current?.finishedAt === null) return null;
    // While the new plan is made the old one need not be there too.
    this.#current = null;
    const startedAt = new Date();
    const { messages, rate, seed = randomInt(2 ** 32), only, targets = {} } = request;
    const begins = request.begins === undefined ? startedAt : new Date(request.begins);
    const shape = shapeOf(request);
    const plan = planRun({
      messages,
      seed,
      startedAt: begins.getTime(),
      shape,
      ...(only === undefined ? {} : { only }),
    });
    const abort = new AbortController();
    const run = startRun(plan, {
      destinations: destinationsAt(this.#environment.ingressUrl, this.#environment.credentials, targets),
      pusher: this.#pusher,
      queues: this.#queues,
      pace: { rate, burst: request.burst ?? null },
      timeCompression: this.#environment.timeCompression,
      signal: abort.signal,
    });
    const current: CurrentRun = {
      plan,
      progress: run.progress,
      request: { messages, rate, seed, begins: begins.toISOString() },
      shape,
      abort,
      finished: run.finished,
      startedAt,
      finishedAt: null,
    };
    this.#current = current;
    void run.finished.then(() => {
      current.finishedAt = new Date();
    });
    return viewOf(current);
  }

  /** Stops the run that is going on: nothing more is sent. What is in queues stays there. Null when there was none. */
  async stop(): Promise<RunView | null> {
    if (this.#current === null) return null;
    this.#current.abort.abort();
    await this.#current.finished;
    return this.view();
  }

  /** The current or last run; null when there was none. */
  view(): RunView | null {
    return this.#current === null ? null : viewOf(this.#current);
  }

  /** Every thing of the current or last run; null when there was none. */
  truth(): readonly Truth[] | null {
    return this.#current?.plan.truth ?? null;
  }

  onApplicationShutdown(): void {
    this.#current?.abort.abort();
    this.#pusher.close();
  }
}

function shapeOf({ doors, duplicates, disorder, poison, late, contradictions }: RunRequestBody): RunShape {
  return {
    doors: doors === undefined ? DEFAULT_SHAPE.doors : { push: doors.push, queue: doors.queue, both: doors.both },
    duplicates: duplicates ?? DEFAULT_SHAPE.duplicates,
    disorder: disorder ?? DEFAULT_SHAPE.disorder,
    poison: poison ?? DEFAULT_SHAPE.poison,
    late: late ?? DEFAULT_SHAPE.late,
    contradictions: contradictions ?? DEFAULT_SHAPE.contradictions,
  };
}

function viewOf({ plan, progress, request, shape, startedAt, finishedAt }: CurrentRun): RunView {
  return {
    state: finishedAt === null ? 'running' : 'finished',
    ...request,
    shape,
    startedAt: startedAt.toISOString(),
    finishedAt: finishedAt?.toISOString() ?? null,
    progress,
    acceptedByReceipt: byReceipt(progress.push.acceptedBySource),
    consumedByReceipt: byReceipt(progress.queue.consumedBySource),
    expected: plan.expected,
  };
}

function byReceipt(bySource: BySource): ByReceipt {
  const counts: Partial<Record<Provider, Record<string, number>>> = {};
  for (const id of SOURCE_IDS) {
    const { provider, receipt } = CALLBACKS[id];
    const ofProvider = (counts[provider] ??= {});
    ofProvider[receipt] = (ofProvider[receipt] ?? 0) + bySource[id];
  }
  return counts;
}
