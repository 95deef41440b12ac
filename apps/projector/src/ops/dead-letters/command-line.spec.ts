import { describe, expect, it } from '@jest/globals';
import { UsageError } from '../options.js';
import { readDeadLetters } from './command-line.js';

const read = (line: string) => readDeadLetters(line.split(' ').filter((word) => word !== ''));

describe('the command line of dead letters', () => {
  it('means the open ones unless it says otherwise', () => {
    expect(read('list')).toMatchObject({ action: 'list', selection: { state: 'open', ids: null }, limit: 100 });
    expect(read('list --state any')).toMatchObject({ selection: { state: null } });
    expect(read('redrive --all')).toMatchObject({ selection: { state: 'open' }, force: false, dryRun: false });
  });

  it('means those that are named, whatever they are', () => {
    expect(read('redrive 3/128 0/0 3/128 --by me --force')).toMatchObject({
      selection: {
        ids: [
          { partition: 3, offset: '128' },
          { partition: 0, offset: '0' },
        ],
        state: null,
      },
      by: 'me',
      force: true,
    });
  });

  it('takes filters together', () => {
    expect(
      read('export --code A --code B_1 --source s --stage projector --since 2026-07-09T03:01:33Z --to f'),
    ).toMatchObject({
      action: 'export',
      selection: {
        codes: ['A', 'B_1'],
        sources: ['s'],
        stage: 'projector',
        since: '2026-07-09T03:01:33Z',
        until: null,
      },
      file: 'f',
    });
  });

  it('knows who does it, unless told', () => {
    expect(read('discard --all')).toMatchObject({ by: expect.stringMatching(/./), reason: null });
    expect(read('discard --state open')).toMatchObject({ selection: { state: 'open' } });
  });

  it.each([
    '',
    'forget',
    'list 3/128',
    'list --limit 0',
    'list --state closed',
    'list --stage ingress',
    'list --since yesterday',
    'show',
    'show 3/128 3/129',
    'show three',
    'redrive',
    'redrive --force',
    'redrive --all --code A',
    'redrive 3/128 --all',
    'discard --code a-b',
    'discard --state redriven',
    'discard --state any',
    'export --all',
  ])('refuses "%s"', (line) => {
    expect(() => read(line)).toThrow(UsageError);
  });
});
