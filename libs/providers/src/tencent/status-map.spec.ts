import { createHash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { CODE_MEANINGS, MAPPING_REVISION } from './status-map.js';

/**
 * One line per revision, never changed afterwards. If this test fails because you changed a table: raise
 * MAPPING_REVISION and add a line here. Stored events are only repaired by replay if the revision grew.
 */
const TABLES_OF_REVISION: Readonly<Record<number, string>> = {
  1: '74d695841c21106bfe01e8ec1636b5fb33283b53f146f3fdf1179b1c0adbc665',
};

describe('the table of tencent', () => {
  it('is that of its revision', () => {
    const table = JSON.stringify([...CODE_MEANINGS].sort(([a], [b]) => (a < b ? -1 : 1)));
    const revisions = Object.keys(TABLES_OF_REVISION).map(Number);
    expect(MAPPING_REVISION).toBe(Math.max(...revisions));
    expect(createHash('sha256').update(table).digest('hex')).toBe(TABLES_OF_REVISION[MAPPING_REVISION]);
  });

  it('gives a reason and an advice for every failure', () => {
    for (const [code, { status, reason, retry }] of CODE_MEANINGS) {
      if (status !== 'failed') continue;
      expect({ code, explained: reason !== null && retry !== null }).toEqual({ code, explained: true });
    }
  });

  it('has every code in one group only', () => {
    const sizes = [...CODE_MEANINGS].length;
    expect(sizes).toBe(289);
    expect([...CODE_MEANINGS.keys()].filter((code) => code !== code.trim() || code === '')).toEqual([]);
  });
});
