import { setTimeout as delay } from 'node:timers/promises';
import { count, createConsole } from './console.js';
import type { SimulatorControl } from './simulator-control.js';

/** What the simulator tells about a run; the part that is shown. */
interface RunView {
  readonly state: 'running' | 'finished';
  readonly messages: number;
  readonly seed: number;
  readonly progress: {
    readonly push: {
      readonly planned: number;
      readonly accepted: number;
      readonly retried: number;
      readonly givenUp: number;
      readonly outcomes: Readonly<Record<string, number>>;
    };
    readonly queue: { readonly planned: number; readonly queued: number; readonly consumed: number };
  };
}

const BETWEEN_LOOKS = 250;

/**
 * Starts a run and shows how it goes until it is over. Returns the exit code: 1 when something was given up, or
 * somebody stopped it.
 */
export async function runAndWatch(control: SimulatorControl, request: object): Promise<number> {
  const out = createConsole();
  let run = await control.change<RunView>('POST', '/runs', request);
  out.say(`run of ${count(run.messages)} messages, seed ${run.seed}`);
  while (run.state === 'running') {
    await delay(BETWEEN_LOOKS);
    run = await control.get<RunView>('/runs/current');
    out.status(progressLine(run));
  }
  out.say(progressLine(run));
  const { push, queue } = run.progress;
  const { givenUp, outcomes } = push;
  if (givenUp === 0 && push.accepted === push.planned && queue.consumed === queue.planned) return 0;
  if (givenUp === 0) {
    out.say('It was stopped before the end.');
    return 1;
  }
  const attempts = Object.entries(outcomes).map(([outcome, times]) => `${outcome} ${count(times)}`);
  out.say(`given up: ${count(givenUp)} pushes. Attempts by what became of them: ${attempts.join(', ')}`);
  return 1;
}

/** One line about a run. */
export function progressLine({ state, progress: { push, queue } }: RunView): string {
  const pushes = `pushes ${count(push.accepted)} of ${count(push.planned)} accepted`;
  const more = [
    ...(push.retried > 0 ? [`${count(push.retried)} retried`] : []),
    ...(push.givenUp > 0 ? [`${count(push.givenUp)} given up`] : []),
  ];
  const queued = `queues ${count(queue.consumed)} of ${count(queue.planned)} consumed`;
  return `${state}: ${[pushes, ...more].join(', ')}; ${queued}`;
}
