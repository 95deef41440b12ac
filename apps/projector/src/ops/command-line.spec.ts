import { describe, expect, it } from '@jest/globals';
import { readCommandLine, UsageError } from './command-line.js';

const KEY = '5d1c9a52-0b7e-5c1e-8000-000000000001';
const read = (line: string) => readCommandLine(line.split(' ').filter((word) => word !== ''));

describe('the command line', () => {
  it('says what to replay', () => {
    const nothing = { from: null, partitions: null, resume: null };
    expect(read('reproject')).toEqual({ name: 'reproject', range: nothing, installation: null });
    expect(read('reproject --from 2026-07-09T03:01:33Z --partitions 0,12 --installation q')).toEqual({
      name: 'reproject',
      range: { from: Date.UTC(2026, 6, 9, 3, 1, 33), partitions: [0, 12], resume: null },
      installation: 'q',
    });
    expect(read('reproject --resume 0:12,7:9007199254740993')).toMatchObject({
      range: {
        resume: new Map([
          [0, 12n],
          [7, 9007199254740993n],
        ]),
      },
    });
  });

  it('says where to go on with the tables', () => {
    expect(read('reproject --stored')).toMatchObject({ name: 'reproject-stored', from: null });
    expect(read(`reproject --stored --resume review:${KEY}`)).toMatchObject({ from: { table: 'review', after: KEY } });
    expect(read('reproject --stored --resume review:')).toMatchObject({ from: { table: 'review', after: null } });
  });

  it('says what to verify', () => {
    expect(read('verify')).toMatchObject({ name: 'verify', replay: true });
    expect(read('verify --stored')).toMatchObject({ name: 'verify', replay: false });
  });

  it('says what to republish', () => {
    expect(read('republish')).toMatchObject({ rate: 1000, filter: { topics: null, since: null, key: null } });
    expect(
      read(`republish --topic message-status --topic review-status.v1 --key ${KEY.toUpperCase()} --rate 5`),
    ).toMatchObject({ rate: 5, filter: { topics: ['message-status.v1', 'review-status.v1'], key: KEY } });
  });

  it.each([
    '',
    'reprojekt',
    'reproject --stored --from 2026-07-09T03:01:33Z',
    'reproject --stored --partitions 1',
    'reproject --from yesterday',
    'reproject --from 2026-07-09',
    'reproject --partitions 1,x',
    'reproject --resume 1',
    'reproject --resume 0:1 --partitions 0',
    'reproject --stored --resume pg_class:',
    'reproject surplus',
    'verify --replay',
    'republish --topic events',
    'republish --key 1',
    'republish --rate 0',
    'republish --rate 1.5',
    'republish --since now',
  ])('refuses "%s", and says how it is used', (line) => {
    expect(() => read(line)).toThrow(UsageError);
    expect(() => read(line)).toThrow(/Usage: npm run ops/);
  });
});
