import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import type { PipelineOffsets } from '../../apps/projector/src/timeouts/settled-time.js';
import { TimeoutJob } from '../../apps/projector/src/timeouts/timeout-job.js';
import { Installation } from '../system/installation.js';
import { ignore, silentLogger } from '../system/silent-logger.js';
import { until } from '../system/until.js';
import { storeSubmitted } from './store-submitted.js';

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
  readonly job: TimeoutJob;

  /** @param sent what publishing waits for */
  constructor(connectionString: string, sent: Promise<void> = Promise.resolve()) {
    this.job = new TimeoutJob({
      connection: { connectionString },
      interval: 50,
      offsets: IDLE,
      installation: () => Promise.resolve('quittance'),
      publishAll: (records) => {
        this.published.push(...records.map(({ key }) => String(key)));
        return sent;
      },
      onExpired: ignore,
      onHeldBack: () => (this.idle += 1),
      logger: silentLogger,
    });
    this.job.start();
  }
}

describe('the job that says that no report came', () => {
  let installation: Installation;
  let pool: pg.Pool;

  beforeAll(async () => {
    installation = await Installation.create();
    pool = new pg.Pool({ connectionString: installation.databaseUrl });
    // The database is dropped at the end, perhaps before the server has noticed that nobody is there any more.
    pool.on('error', ignore);
  }, 60_000);

  afterAll(async () => {
    await pool.end();
    await installation.stop();
  }, 60_000);

  it('is one at a time, and another takes over when it ends', async () => {
    const first = await storeSubmitted(pool, 3);
    const { promise: sent, resolve: send } = Promise.withResolvers<undefined>();
    const one = new Watched(installation.databaseUrl, sent);
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
      const second = await storeSubmitted(pool, 2);
      await until('the second publishes', () => other!.published.length > 0);
      expect(other.published.toSorted()).toEqual(second);
    } finally {
      send(undefined);
      await Promise.all([one.job.stop(), other?.job.stop()]);
    }
  });
});
