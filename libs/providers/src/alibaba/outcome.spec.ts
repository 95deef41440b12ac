import { describe, expect, it } from '@jest/globals';
import { outcomeOf, sendStatusId, sendStatusOf, successId, successOf } from './outcome.js';

describe('outcomeOf', () => {
  it.each([
    ['delivered', 'delivered', 'DELIVERED', 'delivered', true, null, null, 'carrier'],
    ['delivery beats a code that says otherwise', 'delivered', 'EXPIRED', 'delivered', true, null, null, 'carrier'],
    ['delivered with a code nobody knows', 'delivered', 'NEW', 'delivered', true, null, null, 'carrier'],
    ['a failure in the table', 'failed', 'USER_REJECT', 'failed', true, 'blocked', 'never', 'carrier'],
    ['a refusal by the platform', 'failed', 'isv.SMS_SIGN_ILLEGAL', 'failed', true, 'content', 'after-fix', 'provider'],
    ['failed, and the code says how', 'failed', 'EXPIRED', 'expired', true, null, 'later', 'carrier'],
    ['failed in spite of a good code', 'failed', 'DELIVERED', 'failed', true, 'unknown', 'unknown', 'carrier'],
    [
      'failed in spite of a pending code',
      'failed',
      'REQUEST_SUCCESS',
      'failed',
      true,
      'unknown',
      'unknown',
      'provider',
    ],
    ['a code nobody knows', 'failed', 'MK:0001', 'failed', true, 'unknown', 'unknown', 'carrier'],
    ['a platform code nobody knows', 'failed', 'isv.NEW', 'failed', true, 'unknown', 'unknown', 'provider'],
    ['a property of every object', 'failed', 'constructor', 'failed', true, 'unknown', 'unknown', 'carrier'],
    ['no code', 'failed', null, 'failed', true, 'unknown', 'unknown', 'carrier'],
    ['expired', 'expired', 'EXPIRED', 'expired', true, null, 'later', 'carrier'],
    ['expired, and the code says why', 'expired', 'MOBILE_IN_BLACK', 'expired', true, 'blocked', 'never', 'carrier'],
    ['expired with a code nobody knows', 'expired', 'NEW', 'expired', true, null, 'later', 'carrier'],
    ['expired with a code that explains nothing', 'expired', 'UNKNOW', 'expired', true, null, 'later', 'carrier'],
    ['not yet', 'pending', 'REQUEST_SUCCESS', 'pending', false, null, null, 'provider'],
    ['submitted, whatever the code says', 'pending', 'DELIVERED', 'pending', false, null, null, 'provider'],
    ['only a good code', null, 'DELIVRD', 'delivered', true, null, null, 'carrier'],
    ['only a bad code', null, 'NO_ROUTE', 'failed', true, 'route', 'later', 'carrier'],
    ['only a pending code', null, 'REQUEST_SUCCESS', 'pending', false, null, null, 'provider'],
    ['a code in other letters', 'failed', 'user_reject', 'failed', true, 'blocked', 'never', 'carrier'],
    [
      'a platform code nobody knows, in other letters',
      'failed',
      'ISV.NEW',
      'failed',
      true,
      'unknown',
      'unknown',
      'provider',
    ],
    ['only a good code, in other letters', null, 'Success', 'delivered', true, null, null, 'carrier'],
    ['only a code nobody knows', null, 'NEW', 'unknown', false, 'unknown', 'unknown', 'carrier'],
    ['nothing', null, null, 'unknown', false, 'unknown', 'unknown', 'carrier'],
  ] as const)('%s', (_what, stated, code, status, final, reason, retry, reportedBy) => {
    expect(outcomeOf(stated, code)).toEqual({ status, final, reason, retry, reportedBy });
  });
});

describe('successOf', () => {
  it.each([
    [[true, 'true', ' TRUE ', 1, '1'], null, 'delivered'],
    [[true], 'REQUEST_SUCCESS', 'delivered'],
    [[false, 'false', ' FALSE ', 0, '0'], null, 'failed'],
    [[false, 'false'], 'USER_REJECT', 'failed'],
    [[false, 'false', 0], 'REQUEST_SUCCESS', 'pending'],
    [[false], 'request_success', 'pending'],
    [['yes', 2, '', null, undefined, {}, []], 'REQUEST_SUCCESS', null],
  ])('%j with %j states %j', (values, code, stated) => {
    for (const value of values) expect({ value, stated: successOf(value, code) }).toEqual({ value, stated });
  });
});

describe('successId', () => {
  it.each([
    ['true', [true, 'true', ' TRUE ', 1, '1', 1.0]],
    ['false', [false, 'false', 'False', 0, '0']],
    ['yes', ['yes', ' yes ']],
    ['YES', ['YES']],
    ['2', [2, '2']],
    [null, [undefined, null, '', {}, []]],
  ])('%j for %j', (id, values) => {
    for (const value of values) expect({ value, id: successId(value) }).toEqual({ value, id });
  });
});

describe('sendStatusOf', () => {
  it.each([
    ['1', 'delivered'],
    [1, 'pending'],
    ['2', 'failed'],
    [2, 'failed'],
    ['3', 'delivered'],
    [3, 'delivered'],
    ['6', 'expired'],
    [6, 'expired'],
    ['DELIVERD', 'delivered'],
    ['Deliverd', 'delivered'],
    ['DELIVRD', 'delivered'],
    ['DELIVERED', 'delivered'],
    [' Failed ', 'failed'],
    ['Expired', 'expired'],
    ['4', null],
    [0, null],
    ['', null],
    [true, null],
    [undefined, null],
    [['1'], null],
  ])('%j states %j', (value, stated) => {
    expect(sendStatusOf(value, null)).toBe(stated);
  });

  it('takes 1 for what the source says', () => {
    for (const value of ['1', 1]) {
      expect(sendStatusOf(value, 'delivered')).toBe('delivered');
      expect(sendStatusOf(value, 'submitted')).toBe('pending');
    }
    expect([sendStatusOf('2', 'delivered'), sendStatusOf(3, 'submitted')]).toEqual(['failed', 'delivered']);
  });

  it('gives facts of their own to the two ones, and to nothing else', () => {
    expect(sendStatusId('1')).not.toBe(sendStatusId(1));
    expect(sendStatusId('3')).toBe(sendStatusId(3));
    expect([sendStatusId(undefined), sendStatusId('DELIVERD'), sendStatusId('Deliverd')]).toEqual([
      null,
      'DELIVERD',
      'DELIVERD',
    ]);
  });
});
