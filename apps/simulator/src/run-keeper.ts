import { Inject, Injectable } from '@nestjs/common';
import type { OnApplicationShutdown } from '@nestjs/common';
import { randomInt } from 'node:crypto';
import { CALLBACKS, SOURCE_IDS } from './callbacks.js';
import { destinationsAt } from './destinations.js';
import type { SimulatorEnvironment } from './environment.js';
import { planRun } from './plan/plan-run.js';
import type { ExpectedTruth } from './plan/plan-run.js';
import { createPusher } from './push.js';
import type { RunRequestBody } from './run-request.js';
import { startRun } from './run.js';
import type { Run, RunProgress } from './run.js';

/** Injection token of the environment. */
export const ENVIRONMENT = Symbol('simulator environment');

/** The answer about a run. */
export interface RunView {
  readonly state: 'running' | 'finished';
  readonly messages: number;
  readonly rate: number;
  readonly seed: number;
  /** RFC 3339. */
  readonly startedAt: string;
  readonly finishedAt: string | null;
  readonly progress: RunProgress;
  /** Accepted so far by the vendor's name of the receipt, under the vendor's. */
  readonly acceptedByReceipt: Readonly<Record<string, Readonly<Record<string, number>>>>;
  /** What must be found behind the ingress if nothing is given up. */
  readonly expected: ExpectedTruth;
}

/** The run that is going on, or the last one: there is one at a time. */
@Injectable()
export class RunKeeper implements OnApplicationShutdown {
  readonly #pusher = createPusher();
  readonly #shutdown = new AbortController();
  readonly #environment: SimulatorEnvironment;
  #current: {
    readonly run: Run;
    readonly request: Required<RunRequestBody>;
    startedAt: Date;
    finishedAt: Date | null;
  } | null = null;

  constructor(@Inject(ENVIRONMENT) environment: SimulatorEnvironment) {
    this.#environment = environment;
  }

  /** Starts a run; null when one is going on. */
  start(request: RunRequestBody): RunView | null {
    if (this.#current?.finishedAt === null) return null;
    const startedAt = new Date();
    const seed = request.seed ?? randomInt(2 ** 32);
    const plan = planRun({ messages: request.messages, seed, startedAt: startedAt.getTime() });
    const run = startRun(plan, {
      destinations: destinationsAt(this.#environment.ingressUrl, this.#environment.credentials),
      pusher: this.#pusher,
      rate: request.rate,
      timeCompression: this.#environment.timeCompression,
      signal: this.#shutdown.signal,
    });
    const current = {
      run,
      request: { messages: request.messages, rate: request.rate, seed },
      startedAt,
      finishedAt: null as Date | null,
    };
    this.#current = current;
    void run.finished.then(() => {
      current.finishedAt = new Date();
    });
    return this.view();
  }

  /** The current or last run; null when there was none. */
  view(): RunView | null {
    if (this.#current === null) return null;
    const { run, request, startedAt, finishedAt } = this.#current;
    return {
      state: finishedAt === null ? 'running' : 'finished',
      messages: request.messages,
      rate: request.rate,
      seed: request.seed,
      startedAt: startedAt.toISOString(),
      finishedAt: finishedAt?.toISOString() ?? null,
      progress: run.progress,
      acceptedByReceipt: byReceipt(run.progress),
      expected: run.expected,
    };
  }

  onApplicationShutdown(): void {
    this.#shutdown.abort();
    this.#pusher.close();
  }
}

function byReceipt({ acceptedBySource }: RunProgress): Record<string, Record<string, number>> {
  const counts: Record<string, Record<string, number>> = {};
  for (const id of SOURCE_IDS) {
    const { provider, receipt } = CALLBACKS[id];
    const ofProvider = (counts[provider] ??= {});
    ofProvider[receipt] = (ofProvider[receipt] ?? 0) + acceptedBySource[id];
  }
  return counts;
}
