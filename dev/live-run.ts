import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { PROCESSES_FILE, RUN_FILE, STACK_FILE } from './places.js';
import type { ProcessRecord } from './process-registry.js';
import { isAlive, ProcessRegistry, recordOf, stopLeftovers } from './process-registry.js';
import { signalProcessGroup } from './processes.js';
import { Refusal } from './refusal.js';

/** The `npm start` of this folder. */
interface LiveRun {
  readonly self: ProcessRecord;
  /** What started it: when that is gone, nobody waits for it any more. */
  readonly launcher: ProcessRecord | null;
}

/** Ends in this order: first who sends, then who works, then what they stand on. */
const STOP_ORDER = ['simulator', 'ingress', 'normaliser', 'projector', 'kafka', 'postgres'];

/** An app has 10 s to finish what it began (SHUTDOWN_GRACE); then it is no longer asked. */
const STOP_GRACE = 15_000;

/**
 * Makes this process the one `npm start` of the folder. What a crashed one left behind is stopped first.
 * @returns the registry for what is going to be started, and the names of what was stopped
 * @throws Refusal when another one is running
 */
export async function claimFolder(): Promise<{ registry: ProcessRegistry; stopped: readonly string[] }> {
  const stopped = await stopWhatIsLeft();
  const self = recordOf('start', process.pid);
  if (self === null) throw new Error('this process cannot see itself');
  mkdirSync(dirname(RUN_FILE), { recursive: true });
  writeFileSync(RUN_FILE, JSON.stringify({ self, launcher: recordOf('bootstrap', process.ppid) } satisfies LiveRun));
  return { registry: new ProcessRegistry(PROCESSES_FILE), stopped };
}

/**
 * Stops what a crashed `npm start` left behind. A run whose launcher was killed counts as crashed too.
 * @returns the names of what was stopped
 * @throws Refusal when one is running
 */
export async function stopWhatIsLeft(): Promise<readonly string[]> {
  const live = readLiveRun();
  if (live !== null && live.self.pid !== process.pid && isAlive(live.self)) {
    if (live.launcher === null || isAlive(live.launcher)) {
      throw new Refusal(
        `npm start is running here already (process ${live.self.pid}).\nStop it with Ctrl-C in its terminal, or with: kill ${live.self.pid}`,
      );
    }
    signalProcessGroupOnce(live.self);
    const deadline = Date.now() + STOP_GRACE * 2;
    while (isAlive(live.self) && Date.now() < deadline) await delay(100);
    if (isAlive(live.self)) process.kill(live.self.pid, 'SIGKILL');
  }
  const registry = new ProcessRegistry(PROCESSES_FILE);
  const stopped = await stopLeftovers(registry.records);
  registry.clear();
  releaseFolder();
  return stopped;
}

/** Says that nothing runs here any more. */
export function releaseFolder(): void {
  rmSync(STACK_FILE, { force: true });
  rmSync(RUN_FILE, { force: true });
}

/** Stops everything that was started, one after the other, each in its own way. */
export async function stopInOrder(registry: ProcessRegistry, onStop: (name: string) => void): Promise<void> {
  const rank = ({ name }: ProcessRecord): number => {
    const place = STOP_ORDER.indexOf(name);
    return place === -1 ? 0 : place;
  };
  for (const record of registry.records.toSorted((a, b) => rank(a) - rank(b))) {
    if (!isAlive(record)) continue;
    onStop(record.name);
    await stopLeftovers([record], STOP_GRACE);
  }
  registry.clear();
}

/** Kills everything that was started, at once. */
export function killAll(registry: ProcessRegistry): void {
  for (const record of registry.records) if (isAlive(record)) signalProcessGroup(record.pid, 'SIGKILL');
  registry.clear();
}

function readLiveRun(): LiveRun | null {
  try {
    return JSON.parse(readFileSync(RUN_FILE, 'utf8')) as LiveRun;
  } catch {
    return null;
  }
}

/** Only the process: its group is the terminal's. */
function signalProcessGroupOnce(record: ProcessRecord): void {
  try {
    process.kill(record.pid, 'SIGTERM');
  } catch {
    // Gone in between.
  }
}
