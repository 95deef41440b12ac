import { describe, expect, it } from '@jest/globals';
import { outcomeOf } from './outcome.js';

describe('outcomeOf', () => {
  it.each([
    ['a success', 'SUCCESS', 'DELIVRD', 'delivered', true, null, null, 'carrier'],
    ['a success, whatever its code', 'success', 'UNDELIV', 'delivered', true, null, null, 'carrier'],
    ['a failure in the table', 'FAIL', 'MB:1077', 'failed', true, 'blocked', 'never', null],
    ['a code with a blank', 'FAIL', 'BWLIST _006', 'failed', true, 'blocked', 'never', null],
    ['a code that looks like a number', 'FAIL', '-37', 'failed', true, 'handset', 'later', null],
    ['a code with leading zeros', 'FAIL', '002', 'failed', true, 'handset', 'later', null],
    ['... which is another without them', 'FAIL', '2', 'failed', true, 'route', 'later', null],
    ['expired', 'FAIL', 'EXPIRED', 'expired', true, null, 'later', null],
    ['a failure in spite of a good code', 'FAIL', 'DELIVRD', 'failed', true, 'unknown', 'unknown', null],
    ['a code nobody knows', 'FAIL', 'NEW', 'failed', true, 'unknown', 'unknown', null],
    ['a code that is a property of every object', 'FAIL', 'constructor', 'failed', true, 'unknown', 'unknown', null],
    ['no code', 'FAIL', null, 'failed', true, 'unknown', 'unknown', null],
    ['only a good code', null, 'DELIVRD', 'delivered', true, null, null, 'carrier'],
    ['only a bad code', 'PERHAPS', 'NOROUTE', 'failed', true, 'route', 'later', null],
    ['only a code nobody knows', null, 'NEW', 'unknown', false, 'unknown', 'unknown', null],
    ['nothing', null, null, 'unknown', false, 'unknown', 'unknown', null],
  ] as const)('%s', (_what, reportStatus, code, status, final, reason, retry, reportedBy) => {
    expect(outcomeOf(reportStatus, code)).toEqual({ status, final, reason, retry, reportedBy });
  });
});
