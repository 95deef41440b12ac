import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { readOutcome } from '../../dev/run-outcome.js';
import { disagreements, disagreementsOfRows, type SimulatedRun } from '../../dev/run-verdict.js';
import { createTopicReader } from '../../dev/topic-reader.js';
import { until } from '../system/until.js';
import type { Fault, FaultResult } from './fault.js';
import { Servers } from './servers.js';
import { Stage } from './stage.js';
import { subscriberRule, type Told } from './subscriber-rule.js';

/** How much comes in meanwhile. */
export interface Load {
  readonly messages: number;
  /** Receipts a second, pushes and messages of queues together. */
  readonly rate: number;
  /**
   * Minutes of a vendor's patience that fall into one of the test's. Whatever a fault takes must be over before the last
   * of the vendors' tries.
   */
  readonly timeCompression: number;
  /** Sources that push, even where a fault refuses nobody. */
  readonly only?: readonly string[];
  /** For machines that may be too busy to answer in time: ingresses and vendors wait ten times longer. */
  readonly isPatient?: boolean;
}

/** Those that wait longest: for ten minutes before the last try. */
export const MOST_PATIENT = [
  'ali-sms-report',
  'ali-sms-report-2019',
  'ali-sms-report-intl',
  'ali-globe-report',
  'ali-sms-up',
  'ali-sign-report',
  'ali-template-report',
  'ali-card-render',
];

/** Sources whose vendors push again what was not taken; see `retryAfter` of the simulator's callbacks. */
const PATIENT = [...MOST_PATIENT, 'tencent-status', 'tencent-reply'];

/** How often it is looked whether receipts come, ms. */
const LOOK = 250;

/** After the end of a run the vendors' last tries may still be to come, and then the backlog. */
const LIMIT = 300_000;

/**
 * Lets a fault happen under load, and compares what came of it with the truth. What fails on the way is wrong, too.
 * @param shared servers for faults that need none of their own
 */
export async function runFault(
  fault: Fault,
  shared: Servers,
  load: Load,
  say: (text: string) => void = () => undefined,
): Promise<FaultResult> {
  const scratch = mkdtempSync(join(tmpdir(), 'quittance-fault-'));
  const servers = fault.disks ? await Servers.start(fault.disks) : shared;
  try {
    say('starting');
    const stage = await Stage.create(servers, servers.spoolDirectory(scratch), load);
    try {
      return await happen(fault, stage, load, say);
    } finally {
      await stage.stop();
    }
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error);
    return { fault, accepted: 0, lost: 0, repeated: 0, pause: NaN, recovery: NaN, wrong: [text] };
  } finally {
    if (servers !== shared) await servers.stop();
    rmSync(scratch, { recursive: true, force: true });
  }
}

async function happen(fault: Fault, stage: Stage, load: Load, say: (text: string) => void): Promise<FaultResult> {
  const current = () => stage.control.get<SimulatedRun>('/runs/current');
  const { messages, rate, only = fault.refuses ? PATIENT : undefined } = load;
  await stage.control.change('POST', '/runs', { messages, rate, ...(only === undefined ? {} : { only }) });
  await until('receipts are accepted', async () => accepted(await current()) > messages / 10);

  say('broken');
  const began = new Date();
  const happened = new AbortController();
  const coming = lastAccepted(async () => accepted(await current()), happened.signal);
  coming.catch(() => undefined);
  try {
    await fault.happen(stage);
  } finally {
    happened.abort();
  }
  const mended = performance.now();
  const ended = await coming;
  say('mended, recovering');
  await stage.untilReceiptsGoAllTheWay();
  const recovery = (performance.now() - mended) / 1_000;

  say('waiting for the end of the run');
  let run = await current();
  await until('the run is over', async () => (run = await current()).state === 'finished', {
    limit: LIMIT,
    every: 250,
  });
  say('comparing');
  const reader = createTopicReader(stage.servers.brokers, stage.installation.environment.TOPIC_PREFIX!);
  const traces = {
    reader,
    from: NOWHERE,
    databaseUrl: stage.installation.databaseUrl,
    simulator: stage.simulator,
  };
  let outcome = await readOutcome(traces, run.expected.tag, run.startedAt);
  const judge = fault.forgets ? disagreementsOfRows : disagreements;
  let wrong = judge(run, outcome);
  const deadline = Date.now() + 60_000;
  while (wrong.length > 0 && Date.now() < deadline) {
    await delay(1_000);
    outcome = await readOutcome(traces, run.expected.tag, run.startedAt);
    wrong = judge(run, outcome);
  }
  const told = fault.forgets ? NOT_TOLD : await subscriberRule(stage.installation);
  const seen = { repeated: told.repeated, pause: await longestPause(stage, began, ended) };
  return {
    fault,
    accepted: accepted(run),
    lost: outcome.rows.missing + (fault.forgets ? 0 : outcome.deadLetters.missing),
    ...seen,
    recovery,
    wrong: [...wrong, ...told.wrong, ...((await fault.judge?.(stage, seen)) ?? [])],
  };
}

/** When a receipt was last accepted until the signal. What comes after the load has nothing to say about pauses. */
async function lastAccepted(count: () => Promise<number>, signal: AbortSignal): Promise<Date> {
  let last = { count: await count(), at: new Date() };
  while (!signal.aborted) {
    await delay(LOOK, undefined, { signal }).catch(() => undefined);
    const now = await count();
    if (now > last.count) last = { count: now, at: new Date() };
  }
  return last.at;
}

/** Between two moments. Of rows only the last writing is known, which is enough: nearly all are written once or twice. */
async function longestPause({ installation }: Stage, began: Date, ended: Date): Promise<number> {
  const [row] = await installation.rows(
    `SELECT extract(epoch FROM max(pause))::float8 AS pause
     FROM (SELECT written_at - lag(written_at) OVER (ORDER BY written_at) AS pause, written_at
           FROM (SELECT written_at FROM message WHERE written_at BETWEEN $1 AND $2
                 UNION ALL VALUES ($1::timestamptz), ($2::timestamptz)) AS moments) AS written`,
    [began, ended],
  );
  return Number(row?.pause);
}

const NOT_TOLD: Told = { repeated: 0, wrong: [] };

/** The topics are the run's own: everything in them is of interest. */
const NOWHERE = {
  'raw-receipts.v1': new Map(),
  'events.v1': new Map(),
  'dead-letters.v1': new Map(),
  'message-status.v1': new Map(),
  'mobile-originated.v1': new Map(),
  'review-status.v1': new Map(),
  'account-status.v1': new Map(),
};

function accepted({ progress: { push, queue } }: SimulatedRun): number {
  return push.accepted + queue.consumed;
}
