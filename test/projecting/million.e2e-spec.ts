/** `npm run bench -- million` with few facts: the very same code. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from '@jest/globals';
import type { BenchServers } from '../../bench/bench-stack.js';
import type { Measurement } from '../../bench/measurement.js';
import { measureMillion } from '../../bench/million/million.js';
import { signalProcessGroup } from '../../dev/processes.js';

const FACTS = 1_000;
const KILLS = 3;

const running = new Set<number>();
const directory = mkdtempSync(join(tmpdir(), 'quittance-million-'));
/** Names of its databases and topics: another run of the tests may use the same servers. */
const run = Math.floor(Math.random() * 1e9);

afterAll(() => {
  for (const pid of running) signalProcessGroup(pid, 'SIGKILL');
  rmSync(directory, { recursive: true, force: true });
});

it('the same facts in disorder, again, through both doors and with kills give the same rows as in order', async () => {
  const servers: BenchServers = {
    directory,
    brokers: process.env.TEST_KAFKA_BROKERS!,
    databaseUrl: process.env.TEST_DATABASE_URL!,
    register: (_, pid) => void running.add(pid),
    forget: (pid) => void running.delete(pid),
  };
  const measurements: Measurement[] = [];
  await measureMillion(
    servers,
    { facts: FACTS, kills: KILLS },
    run,
    (measurement) => measurements.push(measurement),
    () => undefined,
  );
  expect(measurements).toMatchObject([{ values: { rows_different: 0, storm_kills: KILLS }, problems: [] }]);
  expect(measurements[0]!.values.facts).toBeGreaterThanOrEqual(FACTS);
}, 180_000);
