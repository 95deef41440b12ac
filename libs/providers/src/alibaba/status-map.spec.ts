import { createHash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { CODE_MEANINGS, MAPPING_REVISION, REVIEW_STATUSES } from './status-map.js';

/**
 * One line per revision, never changed afterwards. If this test fails because you changed a table: raise
 * MAPPING_REVISION and add a line here. Stored events are only repaired by replay if the revision grew.
 */
const TABLES_OF_REVISION: Readonly<Record<number, string>> = {
  1: '2ddbcb069ed57c4d5971a8345de20fcc5b5663c277d075c72e23620c5018841c',
};

describe('the tables of alibaba', () => {
  it('are those of their revision', () => {
    const tables = JSON.stringify([[...CODE_MEANINGS].sort(), [...REVIEW_STATUSES].sort()]);
    const revisions = Object.keys(TABLES_OF_REVISION).map(Number);
    expect(MAPPING_REVISION).toBe(Math.max(...revisions));
    expect(createHash('sha256').update(tables).digest('hex')).toBe(TABLES_OF_REVISION[MAPPING_REVISION]);
  });

  it('give a reason and an advice for every failure, and for nothing else', () => {
    for (const [code, { status, reason, retry }] of CODE_MEANINGS) {
      expect({ code, explained: reason !== null && retry !== null }).toEqual({ code, explained: status === 'failed' });
    }
  });

  it('let the platform answer for its own codes', () => {
    for (const [code, { reportedBy }] of CODE_MEANINGS) {
      if (/^is[vp]\./.test(code)) expect({ code, reportedBy }).toEqual({ code, reportedBy: 'provider' });
    }
  });
});
