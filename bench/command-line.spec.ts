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
      onlyNormalise: false,
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

  it('leaves the projector out when told to', () => {
    expect(readCommandLine(['pipeline', '--only', 'normalise']).onlyNormalise).toBe(true);
  });

  it.each([
    [],
    ['everything'],
    ['ingest', 'pipeline'],
    ['ingest', '--repetitions', '0'],
    ['ingest', '--fast'],
    ['pipeline', '--only', 'x'],
  ])('says how it is used: %p %p %p', (...args: string[]) => {
    expect(() => readCommandLine(args)).toThrow('Usage: npm run bench -- ingest');
  });
});
