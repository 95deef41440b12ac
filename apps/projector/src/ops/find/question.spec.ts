import { describe, expect, it } from '@jest/globals';
import { UsageError } from '../options.js';
import { readFind } from './question.js';

const ID = '019f44d0-0000-7000-8000-00000000000A';

describe('what find is asked', () => {
  it('is one thing, of a kind', () => {
    expect(readFind(['--receipt', ID, '--within', '6h', '--json'])).toEqual({
      sought: { by: 'receipt', value: ID.toLowerCase() },
      provider: null,
      account: null,
      within: 6 * 3_600_000,
      json: true,
      showPersonal: false,
    });
    expect(readFind(['--recipient', '+8613800001234', '--account', 'main']).sought).toEqual({
      by: 'recipient',
      value: '+8613800001234',
    });
    // Ids of apps may be digits, too: a number is what begins with a plus.
    for (const id of ['US.13491208655302741918', '7134912086553027']) {
      expect(readFind(['--recipient', id]).sought).toEqual({ by: 'user', value: id });
    }
  });

  it.each([
    [[]],
    [['--receipt', 'x']],
    [['--key', '1']],
    [['--recipient', '+123']],
    [['--message', 'a', '--reference', 'b']],
    [['--message', ' ']],
    [['--message', 'a', '--within', 'soon']],
    [['--message', 'a', 'b']],
    [['--number', '+8613800001234']],
  ])('and nothing else: %j', (args) => {
    expect(() => readFind(args)).toThrow(UsageError);
  });
});
