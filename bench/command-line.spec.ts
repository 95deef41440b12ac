import { describe, expect, it } from '@jest/globals';
import { readCommandLine } from './command-line.js';

describe('readCommandLine', () => {
  it('measures once unless told otherwise', () => {
    expect(readCommandLine(['ingest'])).toEqual({
      bench: 'ingest',
      repetitions: 1,
      seconds: 5,
      receipts: 200_000,
      minutes: 10,
      events: 300_000,
      parts: ['fresh', 'unpublished', 'updates', 'disorder'],
      rows: [0, 1_000_000, 5_000_000],
      outage: 600,
      rate: 2_000,
      facts: 1_000_000,
      kills: 20,
      onlyNormalise: false,
      traced: null,
      profileDirectory: null,
    });
  });

  it('takes numbers', () => {
    expect(readCommandLine(['pipeline', '--receipts', '1000', '--repetitions=3'])).toMatchObject({
      bench: 'pipeline',
      receipts: 1_000,
      repetitions: 3,
    });
  });

  it('fills a queue with less than a topic', () => {
    expect(readCommandLine(['queue', '--minutes', '2'])).toMatchObject({
      bench: 'queue',
      receipts: 30_000,
      minutes: 2,
    });
  });

  it('takes how long Postgres is away, and what comes meanwhile', () => {
    expect(readCommandLine(['outage', '--outage', '20', '--rate', '500'])).toMatchObject({ outage: 20, rate: 500 });
  });

  it('leaves the projector out when told to', () => {
    expect(readCommandLine(['pipeline', '--only', 'normalise']).onlyNormalise).toBe(true);
  });

  it('takes parts of the projector, and how full its table is', () => {
    expect(readCommandLine(['project', '--parts', 'growth,fresh', '--rows', '0,1000'])).toMatchObject({
      parts: ['growth', 'fresh'],
      rows: [0, 1_000],
    });
  });

  it.each([
    [],
    ['everything'],
    ['ingest', 'pipeline'],
    ['ingest', '--repetitions', '0'],
    ['ingest', '--fast'],
    ['pipeline', '--only', 'x'],
    ['project', '--parts', 'all'],
  ])('says how it is used: %p %p %p', (...args: string[]) => {
    expect(() => readCommandLine(args)).toThrow('Usage: npm run bench -- ingest');
  });
});
