import { createHash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { CODE_MEANINGS, MAPPING_REVISION } from './status-map.js';

/**
 * One line per revision, never changed afterwards. If this test fails because you changed a table: raise
 * MAPPING_REVISION and add a line here. Stored events are only repaired by replay if the revision grew.
 */
const TABLES_OF_REVISION: Readonly<Record<number, string>> = {
  1: 'd631c9852c37655bbbcf17ab675eca73e7df79fad9e16e3c463146303749230f',
};

describe('the table of volcengine', () => {
  it('is that of its revision', () => {
    const revisions = Object.keys(TABLES_OF_REVISION).map(Number);
    expect(MAPPING_REVISION).toBe(Math.max(...revisions));
    const table = JSON.stringify([...CODE_MEANINGS].sort());
    expect(createHash('sha256').update(table).digest('hex')).toBe(TABLES_OF_REVISION[MAPPING_REVISION]);
  });

  it('knows one success, and gives a reason and an advice for everything else', () => {
    for (const [code, { status, reason, retry }] of CODE_MEANINGS) {
      expect({ code, status, explained: reason !== null && retry !== null }).toEqual(
        code === '0' ? { code, status: 'delivered', explained: false } : { code, status: 'failed', explained: true },
      );
    }
  });
});
