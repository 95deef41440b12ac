import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { parseJson } from '#contracts';
import { readFixtures } from '../../../../test/providers/fixtures.js';
import { CHAT_APP_NOTICES } from './chat-app-audit.js';
import { CHAT_APP_CONTENT_KINDS } from './chat-app-content.js';
import * as map from './chat-app-status-map.js';
import { alibaba } from './provider.js';

/**
 * One line per revision, never changed afterwards. If this test fails because you changed a table: raise
 * CHAT_APP_MAPPING_REVISION and add a line here. Stored events are only repaired by replay if the revision grew.
 */
const TABLES_OF_REVISION: Readonly<Record<number, string>> = {
  1: 'f0e2b2cc530c59789d0510c88ff07578e86a230bbbf2ad98b402c19594995a0f',
};

describe('the tables of Chat App Message Service', () => {
  it('are those of their revision', () => {
    const tables = JSON.stringify([
      [...map.CHAT_APP_STATUSES].sort(),
      [...map.CHAT_APP_SUBSCRIPTIONS].sort(),
      [...map.CHAT_APP_FAILURES].sort(),
      [...map.CHAT_APP_AUDIT_STATUSES].sort(),
    ]);
    const revision = map.CHAT_APP_MAPPING_REVISION;
    expect(revision).toBe(Math.max(...Object.keys(TABLES_OF_REVISION).map(Number)));
    expect(createHash('sha256').update(tables).digest('hex')).toBe(TABLES_OF_REVISION[revision]);
  });

  const elements = readFixtures(alibaba, join(import.meta.dirname, 'fixtures'))
    .filter(({ type }) => type.name.startsWith('ChatApp'))
    .flatMap(({ body }) => [parseJson(body.toString())].flat() as Record<string, unknown>[]);

  it.each([
    ['Status', [...map.CHAT_APP_STATUSES.keys(), ...map.CHAT_APP_SUBSCRIPTIONS]],
    ['ErrorCode', [...map.CHAT_APP_FAILURES.keys()]],
    ['AuditStatus', [...map.CHAT_APP_AUDIT_STATUSES.keys()]],
    ['Type', [...CHAT_APP_NOTICES.keys(), ...CHAT_APP_CONTENT_KINDS.keys()]],
  ])('have a fixture for every row: %s', (field, rows) => {
    const given = new Set(elements.map((element) => String(element[field]).toLowerCase()));
    expect(rows.filter((row) => !given.has(row))).toEqual([]);
  });
});
