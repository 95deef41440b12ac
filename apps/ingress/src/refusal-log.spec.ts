import { afterEach, beforeEach, expect, it, jest } from '@jest/globals';
import { createLogger } from '#runtime';
import { RefusalLog } from './refusal-log.js';

beforeEach(() => {
  jest.useFakeTimers();
});

afterEach(() => {
  jest.useRealTimers();
});

it('every refusal is counted in a line, of however many sources they are', () => {
  const lines: string[] = [];
  const logger = createLogger(
    { name: 'test', logLevel: 'info', logFormat: 'json' },
    { write: (line) => lines.push(line) },
  );
  const refusals = new RefusalLog(logger);
  for (let second = 0; second < 30; second += 1) {
    for (let source = 0; source < 40; source += 1) refusals.add(`source-${source}`, 'kafka-unavailable');
    jest.advanceTimersByTime(1_000);
  }
  jest.advanceTimersByTime(10_000);
  refusals.stop();
  const told = lines.map((line) => JSON.parse(line) as { msg: string; source: string; count: number });
  expect(told.filter(({ msg }) => msg !== 'receipt.refused')).toEqual([]);
  expect(told.reduce((sum, { count }) => sum + count, 0)).toBe(30 * 40);
  expect(new Set(told.map(({ source }) => source)).size).toBe(40);
});
