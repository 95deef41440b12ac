/** `npm run bench -- million` with few facts: the very same code. */
import { afterAll, expect, it } from '@jest/globals';
import type { Measurement } from '../../bench/measurement.js';
import { measureMillion } from '../../bench/million/million.js';
import { anyRun, benchServers } from './bench-servers.js';

const FACTS = 600;
const KILLS = 2;

const servers = benchServers();

afterAll(() => {
  servers.cleanUp();
});

it('the same facts in disorder, again, through both doors and with kills give the same rows as in order', async () => {
  const measurements: Measurement[] = [];
  await measureMillion(
    servers,
    { facts: FACTS, kills: KILLS },
    anyRun(),
    (measurement) => measurements.push(measurement),
    () => undefined,
  );
  expect(measurements).toMatchObject([{ values: { rows_different: 0, storm_kills: KILLS }, problems: [] }]);
  expect(measurements[0]!.values.facts).toBeGreaterThanOrEqual(FACTS);
}, 180_000);
