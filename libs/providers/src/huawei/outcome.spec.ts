import { describe, expect, it } from '@jest/globals';
import { outcomeOf } from './outcome.js';

describe('outcomeOf', () => {
  it.each([
    ['delivered', 'DELIVRD', '2', 'delivered', true, null, null, 'carrier'],
    ['delivered, in other letters', 'delivrd', null, 'delivered', true, null, null, 'carrier'],
    ['not final: accepted by the carrier', 'ACCEPTD', '2', 'pending', false, null, null, 'carrier'],
    ['expired, as the platform says after 72 hours', 'EXPIRED', '1', 'expired', true, null, 'later', 'provider'],
    ['expired, and nobody says who says it', 'EXPIRED', null, 'expired', true, null, 'later', null],
    ['deleted', 'DELETED', '2', 'deleted', true, null, 'unknown', 'carrier'],
    ['unknown to the carrier, for good', 'UNKNOWN', '2', 'unknown', true, 'unknown', 'unknown', 'carrier'],
    ['undeliverable, said by the platform', 'UNDELIV', '3', 'failed', true, 'number', 'unknown', 'provider'],
    ['undeliverable, said by the carrier', 'UNDELIV', '2', 'failed', true, 'number', 'unknown', 'carrier'],
    ['a refusal by the platform', 'E200027', '3', 'failed', true, 'route', 'after-fix', 'provider'],
    ['source beats what the table expects', 'E200027', '2', 'failed', true, 'route', 'after-fix', 'carrier'],
    ['a code with a colon', 'SC:0016', null, 'failed', true, 'blocked', 'never', 'carrier'],
    ['an opaque carrier code', 'CL26:-36', null, 'failed', true, 'unknown', 'unknown', 'carrier'],
    ['a platform code nobody knows', 'E999999', null, 'failed', true, 'unknown', 'unknown', 'provider'],
    ['a source nobody knows', 'DELIVRD', '9', 'delivered', true, null, null, 'carrier'],
    ['a code that is a property of every object', 'constructor', '2', 'failed', true, 'unknown', 'unknown', 'carrier'],
  ] as const)('%s', (_what, code, source, status, final, reason, retry, reportedBy) => {
    expect(outcomeOf(code, source)).toEqual({ status, final, reason, retry, reportedBy });
  });
});
