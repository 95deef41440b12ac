import { describe, expect, it } from '@jest/globals';
import { outcomeOf, successOf } from './outcome.js';

describe('outcomeOf', () => {
  it.each([
    ['delivered', true, 'DELIVERED', 'delivered', true, null, null, 'carrier'],
    ['success beats a code that says otherwise', true, 'EXPIRED', 'delivered', true, null, null, 'carrier'],
    ['success with a code nobody knows', true, 'NEW', 'delivered', true, null, null, 'carrier'],
    ['a failure in the table', false, 'USER_REJECT', 'failed', true, 'blocked', 'never', 'carrier'],
    ['a refusal by the platform', false, 'isv.SMS_SIGN_ILLEGAL', 'failed', true, 'content', 'after-fix', 'provider'],
    ['expired', false, 'EXPIRED', 'expired', true, null, 'later', 'carrier'],
    ['not yet', false, 'REQUEST_SUCCESS', 'pending', false, null, null, 'provider'],
    ['no success in spite of a good code', false, 'DELIVERED', 'failed', true, 'unknown', 'unknown', 'carrier'],
    ['a code nobody knows', false, 'MK:0001', 'failed', true, 'unknown', 'unknown', 'carrier'],
    ['a platform code nobody knows', false, 'isv.NEW', 'failed', true, 'unknown', 'unknown', 'provider'],
    [
      'a code that is a property of every object',
      false,
      'constructor',
      'failed',
      true,
      'unknown',
      'unknown',
      'carrier',
    ],
    ['no code', false, null, 'failed', true, 'unknown', 'unknown', 'carrier'],
    ['only a good code', null, 'DELIVRD', 'delivered', true, null, null, 'carrier'],
    ['only a bad code', null, 'NO_ROUTE', 'failed', true, 'route', 'later', 'carrier'],
    ['only a code nobody knows', null, 'NEW', 'unknown', false, 'unknown', 'unknown', 'carrier'],
    ['nothing', null, null, 'unknown', false, 'unknown', 'unknown', 'carrier'],
  ] as const)('%s', (_what, success, code, status, final, reason, retry, reportedBy) => {
    expect(outcomeOf(success, code)).toEqual({ status, final, reason, retry, reportedBy });
  });
});

it('successOf takes booleans and their words only', () => {
  expect([true, false, 'true', ' FALSE ', 'yes', 1, 0, null, undefined, {}].map(successOf)).toEqual([
    true,
    false,
    true,
    false,
    null,
    null,
    null,
    null,
    null,
    null,
  ]);
});
