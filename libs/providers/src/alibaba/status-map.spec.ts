import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { readFixtures } from '../../../../test/providers/fixtures.js';
import { dataOf, read } from '../../../../test/providers/read.js';
import { alibaba } from './provider.js';
import {
  CARD_REVIEW_STATES,
  CARD_REVIEW_WORDS,
  CODE_MEANINGS,
  MAPPING_REVISION,
  RENDER_STATUSES,
  REVIEW_STATUSES,
  SEND_STATUSES,
} from './status-map.js';

/**
 * One line per revision, never changed afterwards. If this test fails because you changed a table: raise
 * MAPPING_REVISION and add a line here. Stored events are only repaired by replay if the revision grew.
 */
const TABLES_OF_REVISION: Readonly<Record<number, string>> = {
  1: '2ddbcb069ed57c4d5971a8345de20fcc5b5663c277d075c72e23620c5018841c',
  2: '5d9e37fdc2bd2b4c37acb16d01b0fc584166c5b6bfd6b0dea6e8d478a428c1eb',
};

const TABLES: readonly ReadonlyMap<string, unknown>[] = [
  CODE_MEANINGS,
  REVIEW_STATUSES,
  SEND_STATUSES,
  RENDER_STATUSES,
  CARD_REVIEW_STATES,
  CARD_REVIEW_WORDS,
];

describe('the tables of alibaba', () => {
  it('are those of their revision', () => {
    const tables = JSON.stringify(TABLES.map((table) => [...table].sort()));
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

  it.each([
    ['CODE_MEANINGS', CODE_MEANINGS, 'SmsReport', 'providerCode'],
    ['SEND_STATUSES', SEND_STATUSES, 'SmsReport', 'providerStatus'],
    ['RENDER_STATUSES', RENDER_STATUSES, 'MnsCardVender', 'providerStatus'],
    ['CARD_REVIEW_STATES', CARD_REVIEW_STATES, 'MnsCardTemplate', 'providerStatus'],
    ['CARD_REVIEW_WORDS', CARD_REVIEW_WORDS, 'MnsCardTemplate', 'verdicts'],
    ['REVIEW_STATUSES', REVIEW_STATUSES, 'SignSmsReport', 'providerStatus'],
    ['REVIEW_STATUSES', REVIEW_STATUSES, 'TemplateSmsReport', 'providerStatus'],
  ] as const)('%s: every row is used by a fixture', (_name, table, receipt, field) => {
    const used = new Set(FIXTURES.filter(({ type }) => type.name === receipt).flatMap((one) => wordsIn(one, field)));
    expect([...table.keys()].filter((word) => !used.has(word))).toEqual([]);
  });
});

const FIXTURES = readFixtures(alibaba, join(import.meta.dirname, 'fixtures'));

/** What a field of the events of a fixture says, also in upper case; of verdicts their descriptions. */
function wordsIn({ type, body }: (typeof FIXTURES)[number], field: string): string[] {
  return read(type, body).events.flatMap((event) => {
    const value = dataOf(event)[field];
    const words = Array.isArray(value) ? value.map(({ description }: { description: string }) => description) : [value];
    return words.flatMap((word) => [String(word), String(word).toUpperCase()]);
  });
}
