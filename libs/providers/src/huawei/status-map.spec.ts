import { createHash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { CODE_MEANINGS, MAPPING_REVISION, REPORTERS } from './status-map.js';

/**
 * One line per revision, never changed afterwards. If this test fails because you changed a table: raise
 * MAPPING_REVISION and add a line here. Stored events are only repaired by replay if the revision grew.
 */
const TABLES_OF_REVISION: Readonly<Record<number, string>> = {
  1: '147365e5beebfe0c2b55aff1271ec72f0fdc29fac372dcab44fbf7961ed13556',
};

describe('the tables of huawei', () => {
  it('are those of their revision', () => {
    const tables = JSON.stringify([[...CODE_MEANINGS].sort(), [...REPORTERS].sort()]);
    const revisions = Object.keys(TABLES_OF_REVISION).map(Number);
    expect(MAPPING_REVISION).toBe(Math.max(...revisions));
    expect(createHash('sha256').update(tables).digest('hex')).toBe(TABLES_OF_REVISION[MAPPING_REVISION]);
  });

  it('give a reason and an advice for every failure', () => {
    for (const [code, { status, reason, retry }] of CODE_MEANINGS) {
      if (status === 'failed')
        expect({ code, explained: reason !== null && retry !== null }).toEqual({ code, explained: true });
    }
  });

  it('know one success and one code that is not final', () => {
    const codesOf = (wanted: string): string[] =>
      [...CODE_MEANINGS].filter(([, { status }]) => status === wanted).map(([code]) => code);
    expect(codesOf('delivered')).toEqual(['DELIVRD']);
    expect(codesOf('pending')).toEqual(['ACCEPTD']);
  });

  it('are written in capitals, as they are looked up', () => {
    for (const code of CODE_MEANINGS.keys()) expect(code).toBe(code.toUpperCase());
  });

  it('let the platform answer for its own codes', () => {
    for (const [code, { reportedBy }] of CODE_MEANINGS) {
      if (/^E\d{6}$/.test(code)) expect({ code, reportedBy }).toEqual({ code, reportedBy: 'provider' });
    }
  });
});
