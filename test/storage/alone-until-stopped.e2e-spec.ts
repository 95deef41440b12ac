import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import type pg from 'pg';
import { pause } from '#kafka';
import { aloneUntilStopped } from '../../apps/projector/src/store/alone-until-stopped.js';
import { query } from '../../apps/projector/src/store/query.js';
import { until } from '../system/until.js';

/** A process that wants to do the job, and what it has had to say. */
class Candidate {
  readonly told: string[] = [];
  readonly #stopping = new AbortController();
  readonly #done: Promise<void>;

  constructor(lock: string, begin: (client: pg.Client) => Promise<unknown> = () => Promise.resolve()) {
    const { signal } = this.#stopping;
    this.#done = aloneUntilStopped(
      {
        connection: { connectionString: process.env.TEST_DATABASE_URL },
        lock,
        askAgain: 10,
        work: async (client) => {
          this.told.push('works');
          await begin(client);
          await pause(60_000, signal);
        },
        onElsewhere: () => this.told.push('elsewhere'),
        onInterrupted: () => this.told.push('interrupted'),
      },
      signal,
    );
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#done;
  }
}

let lock: string;
const candidates: Candidate[] = [];

beforeEach(() => {
  lock = `quittance test ${randomUUID()}`;
});

afterEach(async () => {
  await Promise.all(candidates.splice(0).map((one) => one.stop()));
});

function candidate(begin?: (client: pg.Client) => Promise<unknown>): Candidate {
  const created = new Candidate(lock, begin);
  candidates.push(created);
  return created;
}

it('is done by one, and by the next as soon as that one has stopped', async () => {
  const first = candidate();
  await until('the first works', () => first.told.includes('works'));
  const second = candidate();
  await until('the second has asked twice', () => second.told.length > 1);
  expect(new Set(second.told)).toEqual(new Set(['elsewhere']));
  await first.stop();
  await until('the second works', () => second.told.includes('works'));
  expect(first.told).toEqual(['works', 'elsewhere']);
});

it('is taken over from one whose session was ended, and tried again by that one', async () => {
  const ended = candidate((client) => query(client, { text: 'SELECT pg_terminate_backend(pg_backend_pid())' }));
  await until('it has failed twice', () => ended.told.filter((what) => what === 'interrupted').length > 1);
  expect(ended.told.slice(0, 3)).toEqual(['works', 'interrupted', 'works']);
  const other = candidate();
  await until('the other works', () => other.told.includes('works'));
  await until('the first asks in vain', () => ended.told.includes('elsewhere'));
});
