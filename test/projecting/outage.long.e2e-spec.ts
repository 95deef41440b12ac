/** `npm run bench -- outage` with few receipts and a short outage: the very same code, but only the line is cut. */
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { Measurement } from '../../bench/measurement.js';
import { measureOutage, type OutageServers } from '../../bench/outage/outage.js';
import { TcpLine } from '../faults/tcp-line.js';
import { anyRun, benchServers } from './bench-servers.js';

const OPTIONS = { seconds: 1, outage: 3, rate: 100, profileDirectory: null };

const servers = benchServers();
let line: TcpLine;

beforeAll(async () => {
  const port = Number(new URL(servers.databaseUrl).port);
  line = await TcpLine.open(() => [port]);
});

afterAll(async () => {
  await line.close();
  servers.cleanUp();
});

it('what waited for Postgres is worked off without a hand, and every receipt is a row', async () => {
  const url = new URL(servers.databaseUrl);
  url.port = String(line.port);
  const behindTheLine: OutageServers = {
    ...servers,
    databaseUrl: url.href,
    // Whose CPU time is not asked for here.
    kafkaPid: 0,
    postgresPid: 0,
    killPostgres: () => {
      line.takeDown();
      return Promise.resolve();
    },
    startPostgres: () => {
      line.mend();
      return Promise.resolve();
    },
  };
  const measurements: Measurement[] = [];
  await measureOutage(
    behindTheLine,
    OPTIONS,
    anyRun(),
    (measurement) => measurements.push(measurement),
    () => undefined,
  );
  const [measurement] = measurements;
  expect(measurement).toMatchObject({ values: { rows_wrong: 0 }, problems: [] });
  expect(measurement!.values.accepted).toBeGreaterThan(OPTIONS.rate * OPTIONS.outage);
  expect(measurement!.values.backlog_events).toBeGreaterThan(0);
}, 120_000);
