import { describe, expect, it } from '@jest/globals';
import { readCommandLine } from './command-line.js';
import { UsageError } from './options.js';

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

  it('says how to recover', () => {
    const recovery = { isDryRun: false, isRebuilt: false };
    expect(read('recover')).toEqual({ name: 'recover', recovery, installation: null });
    expect(read('recover --dry-run')).toMatchObject({ recovery: { ...recovery, isDryRun: true } });
    expect(read('recover --rebuilt --installation q')).toMatchObject({
      recovery: { ...recovery, isRebuilt: true },
      installation: 'q',
    });
    expect(() => read('recover everything')).toThrow(UsageError);
  });

  it('says which hours of the ledger to show', () => {
    const hours = (line: string) => {
      const command = read(line);
      if (command.name !== 'ledger') throw new Error(command.name);
      const { from, to } = command.question.range;
      return [from.toISOString(), to.toISOString()];
    };
    expect(hours('ledger --hour 2026-07-09T03:01:33Z')).toEqual([
      '2026-07-09T03:00:00.000Z',
      '2026-07-09T04:00:00.000Z',
    ]);
    expect(hours('ledger --from 2026-07-09T11:59:00+08:00 --to 2026-07-09T05:00:00Z')).toEqual([
      '2026-07-09T03:00:00.000Z',
      '2026-07-09T06:00:00.000Z',
    ]);
    const [from, to] = hours('ledger').map((time) => Date.parse(time));
    expect(to! - from!).toBe(24 * 3_600_000);
    expect(read('ledger --source ali --wait 2m --json')).toMatchObject({
      question: { source: 'ali', wait: 120_000, json: true },
    });
    for (const wrong of [
      '--hour 2026-07-09T03:00Z --from 2026-07-09T03:00Z',
      '--to 2026-07-09T03:00Z',
      '--from 2026-07-09T03:00Z --to 2026-07-08T03:00Z',
      '--hour yesterday',
      '--wait 5',
    ]) {
      expect(() => read(`ledger ${wrong}`)).toThrow(UsageError);
    }
  });

  it('says what to republish', () => {
    expect(read('republish')).toMatchObject({ rate: 1000, filter: { topics: null, since: null, key: null } });
    expect(
      read(`republish --topic message-status --topic review-status.v1 --key ${KEY.toUpperCase()} --rate 5`),
    ).toMatchObject({ rate: 5, filter: { topics: ['message-status.v1', 'review-status.v1'], key: KEY } });
  });

  it('says whom to erase', () => {
    expect(read('erase --number +13800000001')).toEqual({
      name: 'erase',
      persons: ['["e164","+13800000001"]', '["written","13800000001"]', '["written","0013800000001"]'],
      until: null,
      installation: null,
    });
    expect(
      read('erase --number +8613800000001 --user-id US.1 --channel whatsapp --until 2026-07-09T03:00:00Z'),
    ).toEqual({
      name: 'erase',
      persons: [
        '["e164","+8613800000001"]',
        '["written","8613800000001"]',
        '["written","008613800000001"]',
        '["written","13800000001"]',
        '["user","whatsapp","US.1"]',
      ],
      until: new Date('2026-07-09T03:00:00Z'),
      installation: null,
    });
    expect(read(`erase --resume message:${KEY}`)).toMatchObject({ name: 'erase-stored', from: { after: KEY } });
  });

  it.each([
    '',
    'erase',
    'erase --number 13800000001',
    'erase --number +8613800000001 --number x',
    'erase --number +8613800000001 --until 2999-01-01T00:00:00Z',
    'erase --number +8613800000001 --until yesterday',
    'erase --number +8613800000001 --channel whatsapp',
    'erase --user-id US.1',
    'erase --user-id US.1 --channel pigeon',
    'erase --resume message: --number +8613800000001',
    'erase --resume pg_class:',
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
