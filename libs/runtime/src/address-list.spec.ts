import { describe, expect, it } from '@jest/globals';
import { addressMatcher, addressProblem, plainAddress } from './address-list.js';

describe('addressMatcher', () => {
  const matches = addressMatcher(['203.0.113.0/24', '198.51.100.7', '2001:db8::/32']);

  it.each(['203.0.113.0', '203.0.113.255', '::ffff:203.0.113.9', '::FFFF:198.51.100.7', '198.51.100.7', '2001:db8::1'])(
    'takes %s',
    (address) => {
      expect(matches(address)).toBe(true);
    },
  );

  it.each(['203.0.114.0', '198.51.100.8', '::ffff:192.0.2.1', '2001:db9::1', '', 'unknown', '203.0.113.9:443'])(
    'refuses %j',
    (address) => {
      expect(matches(address)).toBe(false);
    },
  );

  it('matches nothing without networks', () => {
    expect(addressMatcher([])('203.0.113.1')).toBe(false);
  });
});

describe('addressProblem', () => {
  it.each(['0.0.0.0/0', '10.0.0.1', '::/0', 'fe80::1/128'])('has nothing against %s', (text) => {
    expect(addressProblem(text)).toBeNull();
  });

  it.each([
    '',
    'localhost',
    '10.0.0.0/33',
    '::/129',
    '10.0.0.0/',
    '10.0.0.0/8/8',
    '10.0.0.0/-1',
    '::ffff:10.0.0.0/104',
    '10.1',
  ])('refuses %j', (text) => {
    expect(addressProblem(text)).not.toBeNull();
  });
});

it('plainAddress undresses IPv4 only', () => {
  expect(plainAddress('::ffff:192.0.2.1')).toBe('192.0.2.1');
  expect(plainAddress('2001:db8::1')).toBe('2001:db8::1');
});
