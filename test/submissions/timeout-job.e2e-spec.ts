import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { BackgroundJobs } from '../../apps/projector/src/background-jobs.js';
import type { PipelineOffsets } from '../../apps/projector/src/timeouts/settled-time.js';
import { TimeoutJob } from '../../apps/projector/src/timeouts/timeout-job.js';
import { Installation } from '../system/installation.js';
import { ignore, silentLogger } from '../system/silent-logger.js';
import { until } from '../system/until.js';
import { storeSubmitted } from './store-submitted.js';

/** When the wait for a message of `storeSubmitted` is over. */
const DUE = '2026-07-09T04:00:00.000Z';

/** Nothing waits anywhere: only the lock keeps two jobs apart. */
const IDLE: PipelineOffsets = {
  inbound: [],
  events: 'events',
  held: () => Promise.resolve(new Map()),
  normalised: () => Promise.resolve(new Map()),
  projected: () => Promise.resolve(new Map()),
  unspooled: () => Promise.resolve(Infinity),
};

/** A job as a projector has it, and what it did. */
class Watched {
  readonly published: string[] = [];
  /** How often it had nothing to say or was not the one to say it. */
  idle = 0;
  /** What it said last of how long messages have had to wait, seconds. */
  heldBack = 0;
  readonly job: BackgroundJobs;

  /** @param sent what publishing comes to */
  constructor(connectionString: string, sent: () => Promise<void> = () => Promise.resolve()) {
    const timeouts = new TimeoutJob({
      connection: { connectionString },
      interval: 50,
      offsets: IDLE,
      installation: () => Promise.resolve('quittance'),
      publishAll: (records) => {
        this.published.push(...records.map(({ key }) => String(key)));
        return sent();
      },
      onExpired: ignore,
      onHeldBack: (seconds) => {
        this.idle += 1;
        this.heldBack = seconds;
      },
      logger: silentLogger,
      tracing: null,
    });
    this.job = new BackgroundJobs([timeouts]);
    this.job.start();
  }
}

describe('the job that says that no report came', () => {
  let installation: Installation;

  beforeAll(async () => {
    installation = await Installation.create();
  }, 60_000);

  afterAll(async () => {
    await installation.stop();
  }, 60_000);

  it('says for how long it has not been able to tell, until it is', async () => {
    await storeSubmitted(installation.pool, 1);
    let isAway = true;
    const watched = new Watched(installation.databaseUrl, () =>
      isAway ? Promise.reject(new Error('Kafka is away')) : Promise.resolve(),
    );
    try {
      const age = (Date.now() - Date.parse(DUE)) / 1000;
      for (const tries of [1, 3]) {
        await until('it has tried', () => watched.published.length >= tries);
        await until('it says so', () => watched.heldBack >= age);
      }
      isAway = false;
      await until('it says that nothing waits', () => watched.heldBack === 0);
    } finally {
      await watched.job.stop();
    }
  });

  it('is one at a time, and another takes over when it ends', async () => {
    const first = await storeSubmitted(installation.pool, 3);
    const { promise: sent, resolve: send } = Promise.withResolvers<undefined>();
    const one = new Watched(installation.databaseUrl, () => sent);
    let other: Watched | null = null;
    try {
      await until('the first publishes', () => one.published.length > 0);
      other = new Watched(installation.databaseUrl);
      const { idle } = other;
      await until('the second has asked a few times', () => other!.idle > idle + 5 || other!.published.length > 0);
      expect(other.published).toEqual([]);

      send(undefined);
      await one.job.stop();
      expect(one.published.toSorted()).toEqual(first);
      const second = await storeSubmitted(installation.pool, 2);
      await until('the second publishes', () => other!.published.length > 0);
      expect(other.published.toSorted()).toEqual(second);
    } finally {
      send(undefined);
      await Promise.all([one.job.stop(), other?.job.stop()]);
    }
  });
});
