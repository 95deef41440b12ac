import { describe, expect, it } from '@jest/globals';
import { UsageError } from '../options.js';
import { readReplay } from './command-line.js';

const SPAN = '--from 2026-07-09T03:00:00Z --until 2026-07-09T04:00:00+00:00';
const read = (line: string) => readReplay(line.split(' ').filter((word) => word !== ''));

describe('the command line of replaying receipts', () => {
  it('says which and where to', () => {
    const span = { from: Date.UTC(2026, 6, 9, 3), until: Date.UTC(2026, 6, 9, 4) };
    expect(read(SPAN)).toEqual({ ...span, sources: null, to: 'normaliser', rate: 2000, dryRun: false, resume: null });
    expect(read(`${SPAN} --source a --source b --to-file f`)).toMatchObject({
      sources: new Set(['a', 'b']),
      to: { file: 'f' },
    });
    expect(read(`${SPAN} --rate 5 --dry-run --resume 0:12,7:3`)).toMatchObject({
      rate: 5,
      dryRun: true,
      resume: new Map([
        [0, 12n],
        [7, 3n],
      ]),
    });
  });

  it.each([
    '',
    '--from 2026-07-09T03:00:00Z',
    '--from 2026-07-09T03:00:00Z --until 2026-07-09T03:00:00Z',
    `${SPAN} --to projector`,
    `${SPAN} --to normaliser --to-file f`,
    `${SPAN} --rate 0`,
    `${SPAN} --resume 5`,
    `${SPAN} more`,
  ])('refuses "%s"', (line) => {
    expect(() => read(line)).toThrow(UsageError);
  });
});
