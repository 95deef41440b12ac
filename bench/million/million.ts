import { randomUUID } from 'node:crypto';
import { CALLBACKS, queueOf } from '../../apps/simulator/src/callbacks.js';
import { seededRandom } from '../../apps/simulator/src/plan/random.js';
import type { BenchServers } from '../bench-stack.js';
import { Installation, type InstallationConfiguration } from '../installation.js';
import { rounded, type Measurement } from '../measurement.js';
import { KEY, startSimulator } from '../queue/simulator.js';
import { compareDatabases } from './equal-rows.js';
import { inDisorder, inOrder } from './orders.js';
import { QUEUES, run, TOKEN, type FinishedRun, type OnProgress } from './run.js';
import { toldBy } from './told.js';
import { againstTruth, WorldCounts } from './truth.js';
import { SOURCES, world, WORLD_SOURCES } from './world.js';

/** What is to be compared. */
export interface MillionOptions {
  /** Different facts; a few more, because the world comes in slices. */
  readonly facts: number;
  /** Processes that are killed on the way. */
  readonly kills: number;
}

/** Deliveries at once where the order does not matter. */
const LANES = 24;
/** The world begins so long before the run, ms: no provider reports what is still to come. */
const AGO = 60 * 60 * 1000;

/**
 * The same facts twice: pushed once each and in order into a calm installation; then out of order, some of them again,
 * through both doors, into one whose processes are killed on the way. The two databases must be equal, row by row.
 */
export async function measureMillion(
  servers: BenchServers,
  { facts, kills }: MillionOptions,
  repetition: number,
  report: (measurement: Measurement) => void,
  onProgress: OnProgress,
): Promise<void> {
  const beginning = Date.now() - AGO;
  const configuration = configurationOf(randomUUID());
  const create = (name: string) => Installation.create(servers, `${name}_${repetition}`, null, configuration);
  const simulator = await startSimulator(servers, { QUEUES: QUEUES.join() });
  const installations: Installation[] = [];
  try {
    const [quiet, shaken] = [await create('calm'), await create('storm')];
    installations.push(quiet, shaken);
    const counts = new WorldCounts();
    const ordered = inOrder(counts.counting(world(facts, beginning)));
    const calm = await run(
      quiet,
      simulator,
      ordered,
      { name: 'calm', lanes: 1, facts, kills: 0, projectors: 1 },
      onProgress,
    );
    const disordered = inDisorder(world(facts, beginning), seededRandom(repetition));
    const storm = await run(
      shaken,
      simulator,
      disordered,
      { name: 'storm', lanes: LANES, facts, kills, projectors: 2 },
      onProgress,
    );

    const compared = await compareDatabases(quiet.databaseUrl, shaken.databaseUrl, (rows) => {
      onProgress(`comparing: ${rows.toLocaleString('en-US')} rows`);
    });
    const told = await toldBy(shaken);
    report({
      measure: 'million',
      variant: `${facts.toLocaleString('en-US')} facts`,
      repetition,
      values: {
        facts: counts.facts,
        rows_compared: compared.rows,
        rows_different: compared.different,
        calm_pushes: calm.sent.pushes,
        calm_seconds: rounded(calm.seconds),
        storm_pushes: storm.sent.pushes,
        storm_queued: storm.sent.queued,
        storm_pushed_again: storm.sent.again,
        storm_kills: storm.kills,
        storm_seconds: rounded(storm.seconds),
        changes_told: told.distinct,
        changes_told_again: told.records - told.distinct,
      },
      problems: [
        ...compared.shown,
        ...told.wrong.slice(0, MOST_SHOWN),
        ...(await againstTruth(quiet, counts)),
        ...(await deadLetters([calm, storm])),
        ...(storm.kills < kills ? [`only ${storm.kills} processes were killed`] : []),
      ],
    });
  } finally {
    for (const installation of installations) await installation.close();
    await simulator.stop();
  }
}

/** Of each kind of problem. */
const MOST_SHOWN = 20;

function configurationOf(identityNamespace: string): InstallationConfiguration {
  return {
    identityNamespace,
    accounts: { main: { provider: 'alibaba', credentials: KEY } },
    sources: WORLD_SOURCES.map((id) => ({
      id,
      account: 'main',
      receipt: CALLBACKS[id].receipt,
      ...(id === 'ali-chat-status' ? { channel: 'whatsapp' } : {}),
      http: { tokens: [TOKEN] },
      ...(SOURCES[id].isQueueAlike ? { mns: { queue: queueOf(id) } } : {}),
    })),
  };
}

async function deadLetters(runs: readonly FinishedRun[]): Promise<string[]> {
  const counts = await Promise.all(runs.map(({ installation }) => installation.count('dead-letters.v1')));
  return counts.filter((count) => count > 0).map((count) => `${count} dead letters`);
}
