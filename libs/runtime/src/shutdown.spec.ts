import { afterEach, beforeEach, expect, it, jest } from '@jest/globals';
import { Health } from './health.js';
import { createLogger } from './logging.js';
import { shutDownOnSignals } from './shutdown.js';

beforeEach(() => {
  // The grace must not be over while another test runs.
  jest.useFakeTimers();
});

afterEach(() => {
  jest.useRealTimers();
  jest.restoreAllMocks();
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.removeAllListeners(signal);
});

it('the last line of a process that stops says which lines were left out', async () => {
  const ended = new Promise((resolve) => {
    jest.spyOn(process, 'exit').mockImplementation((code) => {
      resolve(code);
      return undefined as never;
    });
  });
  const lines: string[] = [];
  const logger = createLogger(
    { name: 'test', logLevel: 'info', logFormat: 'json' },
    { write: (line) => lines.push(line) },
  );
  const app = { close: () => Promise.resolve() };
  const { stop } = shutDownOnSignals({ app, health: new Health(), logger, grace: 60_000 });
  for (let times = 0; times < 53; times += 1) logger.warn('kafka.work-failed');
  stop('SIGTERM', 0);
  expect(await ended).toBe(0);
  const said = lines.slice(50).map((line) => JSON.parse(line) as Readonly<Record<string, unknown>>);
  expect(said.map(({ msg }) => msg)).toEqual(['process.stopping', 'process.stopped', 'log.lines-held-back']);
  expect(said.at(-1)).toMatchObject({ of: 'kafka.work-failed', lines: 3 });
});
