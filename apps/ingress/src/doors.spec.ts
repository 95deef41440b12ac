import { describe, expect, it } from '@jest/globals';
import { PROVIDERS } from '#providers';
import { Doors } from './doors.js';
import type { Intruder } from './doors.js';
import { sourceWith } from './source-for-tests.js';

const FIRST = 'first-token-0000001';
const SECOND = 'second-token-000002';

const doors = new Doors(
  [
    sourceWith('one', { tokens: [FIRST] }),
    sourceWith('two', { tokens: [FIRST, SECOND] }),
    sourceWith('listed', { allowFrom: ['203.0.113.0/24'] }),
    sourceWith('both', { tokens: [FIRST], allowFrom: ['203.0.113.0/24', '2001:db8::/32'] }),
    sourceWith('open', { unauthenticated: true }),
    { ...sourceWith('closed', {}), http: null },
  ],
  PROVIDERS,
  'raw',
);

describe('Doors', () => {
  it.each([
    ['one', FIRST, '192.0.2.1'],
    ['two', FIRST, '192.0.2.1'],
    ['two', SECOND, '192.0.2.1'],
    ['listed', undefined, '203.0.113.9'],
    ['listed', undefined, '::ffff:203.0.113.9'],
    ['both', FIRST, '2001:db8::5'],
    ['open', undefined, '192.0.2.1'],
  ])('lets into %s with token %s from %s', (source, token, address) => {
    expect(doors.enter(source, token, address)).toMatchObject({ id: source });
  });

  it.each<[string, string | undefined, string, Intruder]>([
    ['one', SECOND, '192.0.2.1', 'wrong-token'],
    ['one', `${FIRST}x`, '192.0.2.1', 'wrong-token'],
    ['one', FIRST.slice(0, -1), '192.0.2.1', 'wrong-token'],
    ['one', '', '192.0.2.1', 'wrong-token'],
    ['one', undefined, '192.0.2.1', 'wrong-token'],
    ['listed', undefined, '203.0.114.9', 'address-not-allowed'],
    ['listed', undefined, '', 'address-not-allowed'],
    ['listed', FIRST, '203.0.113.9', 'wrong-token'],
    ['both', FIRST, '192.0.2.1', 'address-not-allowed'],
    ['both', SECOND, '203.0.113.9', 'wrong-token'],
    ['open', '', '192.0.2.1', 'wrong-token'],
    ['open', FIRST, '192.0.2.1', 'wrong-token'],
    ['closed', FIRST, '192.0.2.1', 'unknown-source'],
    ['nobody', FIRST, '192.0.2.1', 'unknown-source'],
    ['__proto__', FIRST, '192.0.2.1', 'unknown-source'],
  ])('does not let into %s with token %s from %s: %s', (source, token, address, intruder) => {
    expect(doors.enter(source, token, address)).toBe(intruder);
  });

  it('counts under names of ours only', () => {
    expect(doors.countedAs('one')).toBe('one');
    expect(doors.countedAs('invented')).toBe('none');
  });
});
