import { describe, expect, it } from '@jest/globals';
import type { Authority } from './authorise.js';
import { authenticate, authorise } from './authorise.js';
import { mnsSignature } from './signature.js';
import type { CustomerKey } from './tokens.js';
import { createTokens } from './tokens.js';

const NOW = Date.UTC(2026, 6, 9, 3, 1, 34);
const CUSTOMER = { accessKeyId: 'testid', accessKeySecret: 'testsecret' };
const QUEUE = 'Alicom-Queue-1000000000000001-SmsReport';

function setUp(): { readonly authority: Authority; readonly clock: { now: number } } {
  const clock = { now: NOW };
  const now = (): number => clock.now;
  return { clock, authority: { customer: CUSTOMER, tokens: createTokens(now), now, expiredAs: () => 'AccessDenied' } };
}

function signed(key: CustomerKey, headers: Readonly<Record<string, string>> = {}): Parameters<typeof authenticate>[0] {
  const all = { date: new Date(NOW).toUTCString(), 'x-mns-version': '2015-06-06', ...headers };
  const request = { method: 'GET', target: '/queues/a/messages', headers: all };
  const signature = mnsSignature(request, key.accessKeySecret, all.date);
  return { ...request, headers: { authorization: `MNS ${key.accessKeyId}:${signature}`, ...all } };
}

const code = (expected: string): unknown => expect.objectContaining({ code: expected });

describe('who asks', () => {
  it('is known by its key or its token', () => {
    const { authority } = setUp();
    expect(authenticate(signed(CUSTOMER), authority)).toEqual({ token: null });
    const token = authority.tokens.issue('SmsReport', 60);
    expect(authenticate(signed(token, { 'security-token': token.securityToken }), authority)).toEqual({ token });
  });

  it('may give the date as x-mns-date only', () => {
    const { authority } = setUp();
    const headers = { date: '', 'x-mns-date': new Date(NOW).toUTCString() };
    expect(authenticate(signed(CUSTOMER, headers), authority)).toEqual({ token: null });
  });

  it.each([
    ['MissingAuthorizationHeader', { authorization: '' }],
    ['InvalidAuthorizationHeader', { authorization: 'MNS testid' }],
    ['InvalidAuthorizationHeader', { authorization: 'Bearer a:b' }],
    ['MissingDateHeader', { date: '' }],
    ['InvalidDateHeader', { date: '2026-07-09T03:01:34Z' }],
    ['TimeExpired', { date: new Date(NOW - 15 * 60_000 - 1000).toUTCString() }],
    ['TimeExpired', { date: new Date(NOW + 15 * 60_000 + 1000).toUTCString() }],
    ['MissingVersionHeader', { 'x-mns-version': '' }],
    ['InvalidAccessKeyId', { authorization: 'MNS unknown:abc' }],
    ['SignatureDoesNotMatch', { authorization: 'MNS testid:abc' }],
    ['SignatureDoesNotMatch', { 'x-mns-more': 'not signed' }],
  ])('%s', (expected, headers) => {
    const { authority } = setUp();
    const request = signed(CUSTOMER);
    expect(() => authenticate({ ...request, headers: { ...request.headers, ...headers } }, authority)).toThrow(
      code(expected),
    );
  });

  it('needs the token itself, and one that lives', () => {
    const { authority, clock } = setUp();
    const token = authority.tokens.issue('SmsReport', 60);
    const full = signed(token, { 'security-token': token.securityToken });
    expect(() => authenticate(signed(token), authority)).toThrow(code('AccessDenied'));
    expect(() => authenticate(signed(token, { 'security-token': 'x' }), authority)).toThrow(code('AccessDenied'));
    clock.now += 60_000;
    expect(() => authenticate(full, authority)).toThrow(code('AccessDenied'));
    const other = { ...authority, expiredAs: () => 'InvalidAccessKeyId' as const };
    expect(() => authenticate(full, other)).toThrow(code('InvalidAccessKeyId'));
  });

  it('loses its token when all die', () => {
    const { authority } = setUp();
    const token = authority.tokens.issue('SmsReport', 60);
    expect(authority.tokens.expireAll()).toBe(1);
    expect(authority.tokens.expireAll()).toBe(0);
    const request = signed(token, { 'security-token': token.securityToken });
    expect(() => authenticate(request, authority)).toThrow(code('AccessDenied'));
  });
});

describe('what one may do', () => {
  const token = createTokens(() => NOW).issue('SmsReport', 60);

  it('with a token: consume from queues of its message type', () => {
    authorise({ token }, 'consume', QUEUE);
    authorise({ token }, 'look', QUEUE);
    for (const [operation, queue] of [
      ['consume', 'Alicom-Queue-1000000000000001-SmsUp'],
      ['consume', 'Alicom-Queue-1000000000000001-GlobeSmsReport'],
      ['consume', 'own-SmsReport'],
      ['send', QUEUE],
      ['manage', QUEUE],
      ['look', null],
    ] as const) {
      expect(() => {
        authorise({ token }, operation, queue);
      }).toThrow(code('AccessDenied'));
    }
  });

  it('with a key: everything, but not with the queues of the vendor', () => {
    for (const operation of ['consume', 'look', 'send', 'manage'] as const)
      authorise({ token: null }, operation, 'own');
    authorise({ token: null }, 'look', null);
    expect(() => {
      authorise({ token: null }, 'consume', QUEUE);
    }).toThrow(code('AccessDenied'));
  });
});
