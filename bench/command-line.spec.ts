import { describe, expect, it } from '@jest/globals';
import { readCommandLine } from './command-line.js';

describe('readCommandLine', () => {
  it('measures once unless told otherwise', () => {
    expect(readCommandLine(['ingest'])).toEqual({
      bench: 'ingest',
      repetitions: 1,
      seconds: 5,
      receipts: 200_000,
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

  it.each([[], ['everything'], ['ingest', 'pipeline'], ['ingest', '--repetitions', '0'], ['ingest', '--fast']])(
    'says how it is used: %p %p %p',
    (...args: string[]) => {
      expect(() => readCommandLine(args)).toThrow('Usage: npm run bench -- ingest');
    },
  );
});
